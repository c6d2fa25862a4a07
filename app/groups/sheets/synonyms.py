"""What schools call the columns of their own lists."""

from __future__ import annotations

import re
from enum import IntEnum

from app.core.text import compact
from app.groups.sheets.columns import COLUMNS
from app.groups.sheets.spellings import traditional


class Likeness(IntEnum):
    """How surely a heading stands for a column."""

    NONE = 0
    VALUES = 1  # nothing in the heading; the values below it look like it
    ROUGH = 2  # contains a telling word
    WORD = 3  # a usual name of the column
    SAME = 4  # our own heading, or remembered


PHONE = "phone"  # home or mobile: the values decide
IGNORED = ""

_OURS = {compact(column.heading): column.key for column in COLUMNS}
# A key and words for it a line; a hyphen for what is none of ours.
_WORDS = """
round_name 梯次 報名梯次 認證梯次
area 考區 應考考區 應試考區 報考考區 考試地區 應考地區
chinese_name 姓名 中文姓名 學生姓名 考生姓名 報名者姓名 報考人姓名 應考人姓名 應考人 團員姓名 學員姓名
chinese_name 成員姓名 本名 名字 學生 考生 學員 團員 name chinesename studentname fullname
english_name 英文姓名 英文名 英文名字 護照英文姓名 英文譯名 englishname
birth_on 出生日期 生日 出生年月日 出生日 出生 民國出生年月日 出生年月日民國 birthday birthdate dateofbirth
birth_on dob
foreign 國籍 國籍別 nationality
id_number 身分證統一編號 身分證字號 身份證字號 身分證號 身份證號 身分證號碼 身份證號碼 身分證 身份證
id_number 統一編號 國民身分證 證號 證件號碼 居留證號 居留證號碼 護照號碼 統一證號 id idno idnumber
id_number nationalid
phone_home 市話 市內電話 家用電話 住家電話 家裡電話 住宅電話 電話宅 宅電 聯絡電話市話 電話h 電話o 電話公
phone_home tel
phone_mobile 手機 手機號碼 行動電話 行動電話號碼 手機電話 學生手機 聯絡手機 聯絡電話手機 mobile
phone_mobile mobilephone cellphone cell
phone 電話 聯絡電話 連絡電話 電話號碼 聯絡電話號碼 聯絡方式 連絡方式 學生電話 phone phonenumber telephone
emergency_name 緊急聯絡人 緊急聯絡人姓名 緊急連絡人 緊急連絡人姓名 家長 家長姓名 監護人 監護人姓名
emergency_name 爸爸 媽媽 爸爸姓名 媽媽姓名
emergency_name 法定代理人 法定代理人姓名 聯絡人 聯絡人姓名 父母姓名 父親姓名 母親姓名 父親 母親 parent
emergency_name parentname guardian
emergency_relation 關係 與考生關係 與學生關係 與學員關係 與報名者關係 與本人關係 稱謂 親屬關係 relation
emergency_relation relationship
emergency_phone 緊急聯絡電話 緊急連絡電話 家長電話 家長手機 監護人電話 監護人手機 緊急聯絡人電話 父親手機
emergency_phone 母親手機 父親電話 母親電話 爸爸電話 媽媽電話 爸爸手機 媽媽手機 parentphone
email email e-mail mail 電子郵件 電子信箱 電子郵件信箱 電子郵件地址 信箱 電郵 emailaddress
zip_code 郵遞區號 郵區 區碼郵遞 zip zipcode postcode postalcode
address 地址 住址 通訊地址 聯絡地址 連絡地址 居住地址 現居地址 家庭住址 住家地址 通訊處 通訊住址 郵寄地址
address address
dialect 腔調 腔別 腔調別 報考腔調 報考腔調別 報考腔別 客語腔調 客家腔調 報名腔調 應考腔調 認證腔調 腔
dialect dialect
background 考生身分 考生身份 身分別 身份別 族群 族群別 族群身分 客家身分
occupation 職業 考生職業 occupation
education 教育程度 學歷 最高學歷 education
ticket_by_post 是否寄發准考證 寄發准考證 准考證是否寄發 是否郵寄准考證
materials_to_leader 教材寄至 教材寄送 教材寄送地址
ticket_to_leader 准考證寄至 准考證寄送 准考證寄送地址
score_to_leader 成績單及證書寄至 成績單寄至 成績單寄送 證書寄至 成績單及證書寄送地址
accommodation 特殊需求說明 特殊需求 特殊考生需求 身心障礙需求 特殊應考需求 應考服務需求 身心障礙 特殊服務
- 序號 編號 項次 no 號 座號 學號 班 班級 年級 年班 班別 班級座號 性別 男女 年齡 歲數 備註 說明 備考 報名費
- 費用 繳費 金額 已繳費 簽名 簽章 學校 校名 學校名稱 就讀學校 級別 報考級別 認證級別 組別 血型 生肖 導師
- 老師 指導老師 出生地 籍貫 戶籍地址 戶籍 照片 時間戳記 報名時間 報名日期 填表日期 服務單位 家長職業
- 父親職業 母親職業 家長簽名 葷素 餐食 便當 衣服尺寸 sex gender class grade seat school age remark remarks
- note
"""
_USUAL = {
    word: IGNORED if key == "-" else key
    for key, *words in map(str.split, _WORDS.strip().splitlines())
    for word in words
}
_PERSON = "家長|監護人|法定代理人|緊急|聯絡人|連絡人|父親|母親|父母|爸爸|媽媽|祖父|祖母|阿公|阿嬤|爺爺|奶奶"
# In this order: the first telling word decides.
_ROUGH = (
    (rf"(?:{_PERSON}).*(?:職業|生日|出生|年齡|身分證|身份證|學歷|簽|國籍|服務)", IGNORED),
    (rf"(?:{_PERSON}).*(?:電話|手機|行動|tel|phone)", "emergency_phone"),
    (rf"(?:{_PERSON}).*(?:關係|稱謂)", "emergency_relation"),
    (rf"(?:{_PERSON}).*(?:mail|信箱|郵件)", "email"),
    (rf"(?:{_PERSON}).*(?:地址|住址)", "address"),
    (rf"(?:{_PERSON})", "emergency_name"),
    # One cell for both: 30105王小明.
    (r"(?:班級|座號|學號|編號|序號).*姓名|(?:學生|考生)?姓名.*(?:班級|座號|學號)", "chinese_name"),
    (r"(?:老師|教師|導師|負責人|承辦|推薦|介紹|領隊|校長|主任|代理)", IGNORED),
    (r"英文|english|護照姓", "english_name"),
    (r"與.*關係", "emergency_relation"),
    (r"mail|電子信箱|電子郵件|電郵", "email"),
    (r"身[分份]證|統一編號|統一證號|居留證|護照", "id_number"),
    (r"出生地|出生縣市", IGNORED),
    (r"出生|生日|birth", "birth_on"),
    (r"手機|行動|mobile|cell", "phone_mobile"),
    (r"市話|市內|(?:家|宅|住).*電話|電話.*(?:家|宅|市)", "phone_home"),
    (r"電話|phone|聯絡方式", PHONE),
    (r"郵遞|郵區|zip|post", "zip_code"),
    (r"腔|dialect", "dialect"),
    (r"准考證.*(?:是否|寄發)|(?:是否|寄發).*准考證", "ticket_by_post"),
    (r"准考證.*寄", "ticket_to_leader"),
    (r"教材.*寄|寄.*教材", "materials_to_leader"),
    (r"(?:成績|證書).*寄|寄.*(?:成績|證書)", "score_to_leader"),
    (r"戶籍", IGNORED),
    (r"地址|住址|address", "address"),
    (r"國籍|nationality", "foreign"),
    (r"考生身[分份]|族群|客家人", "background"),
    (r"職業", "occupation"),
    (r"教育程度|學歷", "education"),
    (r"特殊|障礙|輔具", "accommodation"),
    (r"梯次", "round_name"),
    (r"考區", "area"),
    (r"班級|年級|座號|學號|學校|性別|年齡|備註|費|簽|日期|時間|編號|序號", IGNORED),
    (r"姓名|name", "chinese_name"),
)
_ROUGH_PATTERNS = tuple((re.compile(pattern), key) for pattern, key in _ROUGH)
_BRACKETS = re.compile(r"[(\[【<{].*?[)\]】>}]")
_SIGNS = re.compile(r"[\s*※:：.,，。、/／\\_＿‧·\"'「」#＃?？!！()（）\-－]")
_LONGEST_HEADING = 40


def heading_key(heading: str) -> str:
    """Return a heading as it is compared and remembered: compact, without the mark of required columns."""
    return compact(heading).removesuffix("(必填)").strip("*")


def column_of_heading(heading: str) -> tuple[str | None, Likeness]:
    """Return the key of the column that a heading stands for, IGNORED, or None if it says nothing to us."""
    same = heading_key(heading)
    if same in _OURS:
        return _OURS[same], Likeness.SAME
    if not same or len(same) > _LONGEST_HEADING:
        return None, Likeness.NONE
    word = traditional(same).lower()
    for form in (_SIGNS.sub("", word), _SIGNS.sub("", _BRACKETS.sub("", word))):
        if form in _USUAL:
            return _USUAL[form], Likeness.WORD
    for pattern, key in _ROUGH_PATTERNS:
        if pattern.search(word):
            return key, Likeness.ROUGH
    return None, Likeness.NONE
