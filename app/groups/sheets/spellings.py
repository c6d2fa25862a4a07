"""How else people write: simplified characters, and words that say there is nothing."""

from __future__ import annotations

# Of places, dialects and the choices of the sheet; what has two traditional forms (里, 后, 台) is left alone.
_PAIRS = (
    "区區 县縣 乡鄉 镇鎮 湾灣 东東 义義 兴興 龙龍 冈岡 凤鳳 庄莊 园園 桥橋 头頭 关關 营營 丰豐 罗羅 苏蘇 "
    "兰蘭 云雲 连連 马馬 "
    "门門 广廣 岛島 万萬 双雙 乌烏 杨楊 树樹 莺鶯 贡貢 泽澤 宝寶 观觀 内內 归歸 铜銅 锣鑼 滨濱 盐鹽 弥彌 "
    "浓濃 长長 寿壽 达達 "
    "满滿 狮獅 号號 楼樓 邻鄰 厅廳 陆陸 饶饒 诏詔 学學 国國 务務 业業 亲親 农農 专專 员員 为為 闽閩 负負 "
    "责責 团團 报報 个個 "
    "讯訊 发發 总總 试試 载載 职職 爱愛 临臨 灯燈 坟墳 随隨 无無 没沒 现現 济濟 亚亞 华華 统統 组組 织織 "
    "证證 体體 术術 书書 "
    "师師 间間 电電 话話 导導 妇婦 卫衛 护護 军軍 机機 构構 劳勞 动動 产產 严嚴 丽麗 仑崙 鹭鷺 鱼魚 鸟鳥 "
    "礼禮 滩灘 涧澗 涂塗 "
    "润潤 湿濕 潜潛 灿燦 爷爺 环環 琼瓊 矿礦 确確 竞競 筑築 红紅 纪紀 练練 绿綠 维維 叶葉 联聯 圣聖 肃肅 "
    "胜勝 艺藝 芦蘆 荣榮 "
    "药藥 获獲 蓝藍 虽雖 补補 见見 计計 让讓 许許 论論 设設 评評 识識 词詞 诚誠 语語 说說 请請 课課 调調 "
    "贝貝 财財 贤賢 货貨 "
    "资資 赖賴 赵趙 车車 转轉 辅輔 迁遷 运運 还還 进進 远遠 选選 遗遺 郑鄭 钟鐘 钱錢 铁鐵 锦錦 闲閒 闻聞 "
    "阳陽 阴陰 队隊 阶階 "
    "际際 陈陳 险險 难難 韩韓 页頁 项項 须須 顶頂 顺順 颜顏 风風 飞飛 饭飯 馆館 驾駕 骑騎 鹤鶴 黄黃 齐齊 "
)
_TRADITIONAL = {ord(pair[0]): pair[1] for pair in _PAIRS.split()}

_NOTHING = (
    "無 沒有 没有 无 無此項 不適用 未提供 未填 略 免填 空白 暫無 目前無 無需求 不需要 無特殊需求 "
    "- -- --- － — —— ─ – / ／ x X ✕ × ╳ N/A n/a NA na nil none None 。 ."
)
_DITTO = "〃 ″ \" '' ” 〞 同上 同上列 同前"
NOTHING = frozenset(_NOTHING.split())
# Marks that take over what stands in the cell above.
DITTO = frozenset(_DITTO.split())


def traditional(text: str) -> str:
    """Return text with the simplified characters that occur in places and choices as traditional ones."""
    return text.translate(_TRADITIONAL)
