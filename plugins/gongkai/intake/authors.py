"""The name that a program wrote into a file into a verdict: does it name a person."""

from __future__ import annotations

import re

from gongkai.kernel.terms import HAN

_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董袁潘于蒋蔡余杜叶"
    "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺"
    "顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿"
    "关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华"
    "喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗"
    "瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠"
    "惠荆乐冀胥南班储原栗燕楚鄢扈"
)
_DOUBLE = (
    "欧阳|上官|司马|诸葛|司徒|东方|独孤|南宫|夏侯|尉迟|公孙|慕容|长孙|宇文|皇甫|令狐|轩辕|端木|呼延"
)
_AGENCY = re.compile(
    "(?:局|委|厅|政府|办|办公室|科|室|处|院|所|站|中心|公司|学校|医院|街道|镇|乡|县|市|区|省|州|部|会|团|队|组|网|馆"
    "|银行|集团|大学|中学|小学|支行|社区|村|司|署|厂|店|系统|电脑|用户|软件|科技|文档|平台|台|股)$"
)
_WORDS = re.compile(
    "文档|文秘|文印|文件|公文|方案|方正|金山|金蝶|安全|常规|常用|高级|万能|联想|华为|华硕|项目|应用|计划|解读|向导|统计"
    "|编辑|管理|武器|成果|宗旨|时间|全文|师范|农业|连接|原文|原创|单机|申报|商务|明细|和谐|解析|古籍|关于|景区|费用|边框"
)
# words and places that begin as surnames do
_NO_PERSONS = re.compile(
    "马鞍山|齐齐哈尔|石家庄|连云港|周口|宋城|唐山|黄山|黄石|黄冈|黄河|江门|江苏|江西|江宁|江阴"
    "|江北|江南|江岸|成都|温州|温岭|汤原|沈阳|沈河|于洪|和平|和田|孟州|孟津|滕州|邓州|莫旗|阳江"
    "|阳泉|阳春|安阳|安庆|安顺|安徽|金昌|金坛|常州|常德|常熟|梅州|白银|白城|白山|白云|柳州|柳城"
    "|包头|鲁山|秦皇岛|贺州|贵州|贾汪|文山|文昌|龙岩|龙湖|龙城|龙岗|龙华|万州|万宁|万安|武汉|武威"
    "|武进|武警|路桥|雷州|雷山|顾山|钟山|钟祥|郑州|许昌|韩城|高密|高邮|高州|宁波|宁夏|宁德|石狮"
    "|石河子|祁阳|祁县|凌海|凌源|林州|林芝|林业|曲阜|曲靖|曹妃甸|彭州|彭水|杜尔伯特|叶城|吕梁|程江"
    "|陈仓|项城|易县|滑县|房山|房县|房产|施工|施秉|时代|时政|阳光|章程|席位|易联|单据|单证|单元"
    "|成本|成员|应急|应用|蓝天|蓝图|路政|路线|康佳|包装|包干|全国|全县|全区|全体|季度|季刊|祝福"
    "|祝贺|景点|景观|常见|常规|常委|常务|宫廷|车间|车辆|车务|师资|师生|荣誉|毛坯|范本|范文|范例"
    "|范围|万维|万方|万达|金税|金融|金额|金种子|边防|边境|边界|史志|史料|历史|温馨|温度|汤池|金属"
    "|高速|高校|高中|高级|高考|程序|程控|方式|方向|方法|于此|经办|经理|经济|安排|安监|安保|安装"
    "|安居|平安|付款|付费|文化|文教|文旅|文体|文史|文字|文献|文本|文书|武装|万事通|钱塘|钱款|严禁"
    "|严格|毕业|毕节|韦伯|何地|向前|向导|左右|左侧|温泉|江河|江湖|江山|石油|石化|石材|石材厂|田园"
    "|田野|林场|林草|林果|林区|丛书|童装|童话|谈判|谈话|鲍鱼|鲜花|明天|明年|明确|明智|查询|查收"
    "|查验|查处|麻烦|池州|池塘|沙市|沙坪坝|游客|游戏|游泳|农业|农村|农林|农机|农牧|农经|农委|农办"
    "|司法|司机|司令|车管|相关|齐全|齐鲁|乐山|乐清|乐平|党建|党政|党务|党员|党工委|党群|党校|党纪"
    "|姬城|柏油|习水|简报|简介|简历|简阳|关键|关注|关怀|商业|商会|商城|商品|商标|桑植|乌海|仲裁"
    "|卫生|卫健|卫星|卫辉|米粉|米脂|米易|初稿|初审|初级|单县|元旦|马上|马路|马关|牛奶|牛年|管道"
    "|管线|管控|管委会|饶平|饶河|空白|计生|计量|计财|计算|封面|封条|华夏|华中|华东|华北|华南|水利"
    "|水务|和谐|和气|原料|燕山|班级|班子|储备|储运|惠州|惠民|惠农|荆州|荆门|苗木|苗圃|谷歌|盛世"
    "|盛京|曲线|路由器|辛集|靳江"
)
_ONE = re.compile(f"[{''.join(sorted(_SURNAMES))}][{HAN}]{{1,2}}")
_TWO = re.compile(f"(?:{_DOUBLE})[{HAN}]{{1,2}}|[{''.join(sorted(_SURNAMES))}]{{2}}[{HAN}]{{2}}")
_BLANKS = re.compile(rf"(?<=[{HAN}])[ \u3000]+(?=[{HAN}])")
_LATIN = re.compile(
    r"[A-Z][a-zé'’-]+(?:-[A-Z][a-zé]+)?(?:[ ·][A-Z]\.?(?=[ ·]))?(?:[ ·][A-Z][a-zé'’-]+){1,2}"
    r"|[A-Z][A-Za-z'’-]+, ?[A-Z][a-z'’-]+"
)
_NAMED_MAILBOX = re.compile(r"[a-z]+[._][a-z]+@[\w.-]+")
# words of names of offices, firms, programs and computers; none is the name of a person
_NO_NAMES = re.compile(
    "administrator|admin|user|users|owner|guest|test|microsoft|office|word|excel|powerpoint|wps"
    "|kingsoft|lenovo|hp|dell|acer|asus|apple|mac|pc|computer|laptop|windows|server|unknown|python"
    "|docx|openpyxl|xlsxwriter|weasyprint|mkdocs|adobe|acrobat|pdf|latex|chrome|skia|libreoffice"
    "|openoffice|apache|system|author|default|client|service|services|foxit|ghostscript|quartz"
    "|distiller|canon|nikon|sony|huawei|xiaomi|photoshop|illustrator|indesign|scanner|printer"
    "|copier|workstation|desktop|reader|writer|editor|creator|converter|driver|toolkit|engine"
    "|builder|viewer|suite|pro|professional|version|edition|standard|template|bureau|department"
    "|ministry|government|county|city|town|township|district|province|provincial|municipal"
    "|national|state|federal|public|central|local|regional|international|global|united|general"
    "|division|section|branch|committee|commission|council|congress|association|society|federation"
    "|union|alliance|foundation|fund|centre|center|institute|institution|academy|college"
    "|university|school|faculty|hospital|clinic|library|museum|archives|court|police|station"
    "|agency|authority|administration|board|secretariat|cabinet|press|publishing|publisher|news"
    "|daily|times|media|group|company|co|ltd|limited|inc|incorporated|corp|corporation|llc|llp|plc"
    "|gmbh|ag|bv|kg|oy|ab|pty|pvt|bank|securities|insurance|holdings|partners|associates"
    "|consulting|consultants|solutions|systems|technology|technologies|tech|software|network"
    "|networks|online|digital|data|cloud|design|designs|studio|studios|works|lab|labs|laboratory"
    "|research|development|project|team|staff|crew|editorial|production|planning|finance"
    "|accounting|audit|statistics|human|resources|legal|affairs|information|publicity|marketing"
    "|sales|support|help|desk|web|site|website|document|file|report|notice|people|republic|china"
    "|chinese|beijing|shanghai|valley|river|mountain|northern|southern|eastern|western"
)
_NO_NAME_ENDS = re.compile("(?:tion|ment|ics|ware|soft|tech|works|graphy|ology|ities|ship|corp)$")


def is_person(name: str) -> bool:
    """Tell whether ``name`` is a person's rather than an office's, a program's or a computer's.

    A person has two to four characters that begin with a common surname, do not end as an
    office does and are no common word or place, or two or three capitalised Latin words none of
    which an office, a firm or a program would use. Four Latin words, all capitals and digits
    are of organisations and computers.
    """
    name = _BLANKS.sub("", name.strip())
    if _ONE.fullmatch(name) or _TWO.fullmatch(name):
        return not (_AGENCY.search(name) or _WORDS.search(name) or _NO_PERSONS.fullmatch(name))
    if _LATIN.fullmatch(name):
        words = re.findall("[A-Za-z]+", name)
        return not any(
            _NO_NAMES.fullmatch(word.casefold()) or _NO_NAME_ENDS.search(word) for word in words
        )
    return _NAMED_MAILBOX.fullmatch(name) is not None
