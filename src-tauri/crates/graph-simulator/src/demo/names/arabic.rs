//! Arabic names with a common Latin spelling. Right to left, so they show whether a screen keeps a name's direction.

use super::Lists;

pub(super) const LISTS: Lists = Lists {
    women: "فاطمة/Fatima مريم/Maryam نور/Noor ليلى/Layla سارة/Sara هدى/Huda أمل/Amal رنا/Rana دانا/Dana ياسمين/Yasmin زينب/Zainab \
        عائشة/Aisha سلمى/Salma هالة/Hala ريم/Reem لينا/Lina شيماء/Shaimaa منى/Mona نادية/Nadia سمر/Samar جميلة/Jamila رانيا/Rania \
        خديجة/Khadija إيمان/Iman وفاء/Wafa",
    men: "محمد/Mohammed أحمد/Ahmed علي/Ali عمر/Omar خالد/Khalid يوسف/Yousef حسن/Hassan إبراهيم/Ibrahim عبدالله/Abdullah سعيد/Saeed \
        راشد/Rashid حمد/Hamad سلطان/Sultan ماجد/Majid طارق/Tariq كريم/Karim سامي/Sami فيصل/Faisal ناصر/Nasser زياد/Ziad هاني/Hani \
        وليد/Walid مروان/Marwan بلال/Bilal أنس/Anas",
    families: "المنصوري/Al-Mansoori الهاشمي/Al-Hashimi النعيمي/Al-Nuaimi الشامسي/Al-Shamsi الكعبي/Al-Kaabi المزروعي/Al-Mazrouei \
        الزعابي/Al-Zaabi الحمادي/Al-Hammadi السويدي/Al-Suwaidi البلوشي/Al-Balushi الفارسي/Al-Farsi العامري/Al-Amri حداد/Haddad \
        خوري/Khoury نصار/Nassar منصور/Mansour سليمان/Suleiman عثمان/Othman رحمن/Rahman قاسم/Qasim صالح/Saleh حسين/Hussein \
        فارس/Fares بركات/Barakat الخطيب/Al-Khatib النجار/Al-Najjar الصباغ/Al-Sabbagh درويش/Darwish عباس/Abbas جابر/Jaber \
        شاهين/Shaheen زيدان/Zeidan حمدان/Hamdan كنعان/Kanaan مراد/Murad طه/Taha العلي/Al-Ali الأحمد/Al-Ahmad بشير/Bashir عيسى/Issa",
};
