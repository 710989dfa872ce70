//! Chinese names with their pinyin. The display name shows both, as trading houses do it.

use super::Lists;

pub(super) const LISTS: Lists = Lists {
    women: "秀英/Xiuying 丽/Li 敏/Min 静/Jing 婷婷/Tingting 雪/Xue 慧/Hui 芳/Fang 玉兰/Yulan 晓燕/Xiaoyan 佳怡/Jiayi 雨桐/Yutong 梦琪/Mengqi \
        思涵/Sihan 诗雅/Shiya 欣然/Xinran 美玲/Meiling 倩/Qian 琳/Lin 莹/Ying 淑华/Shuhua 海燕/Haiyan 若曦/Ruoxi 子涵/Zihan 嘉慧/Jiahui",
    men: "伟/Wei 强/Qiang 磊/Lei 军/Jun 洋/Yang 勇/Yong 杰/Jie 涛/Tao 明/Ming 超/Chao 浩然/Haoran 子轩/Zixuan 俊杰/Junjie 志强/Zhiqiang \
        建国/Jianguo 文博/Wenbo 宇航/Yuhang 家豪/Jiahao 国栋/Guodong 天宇/Tianyu 振华/Zhenhua 海涛/Haitao 立新/Lixin 鹏/Peng 博文/Bowen",
    families: "王/Wang 李/Li 张/Zhang 刘/Liu 陈/Chen 杨/Yang 黄/Huang 赵/Zhao 吴/Wu 周/Zhou 徐/Xu 孙/Sun 马/Ma 朱/Zhu 胡/Hu 郭/Guo 何/He \
        林/Lin 高/Gao 罗/Luo 郑/Zheng 梁/Liang 谢/Xie 宋/Song 唐/Tang 许/Xu 邓/Deng 韩/Han 冯/Feng 曹/Cao 彭/Peng 曾/Zeng 肖/Xiao 田/Tian \
        董/Dong 潘/Pan 袁/Yuan 蔡/Cai 蒋/Jiang 余/Yu 于/Yu 杜/Du 叶/Ye 程/Cheng 魏/Wei 苏/Su 吕/Lyu 丁/Ding 任/Ren 沈/Shen 欧阳/Ouyang 司马/Sima",
};
