"""The words of the page on which receipt is confirmed, in English and in Arabic."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

RECEIPT_SENTENCE_ARABIC = (
    "يؤكد الاستلام فقط؛ وليس إذنًا، ولا يقدّم أي ضمان، ولا يغيّر أي التزام بموجب قانون الحرب."
)
"""`RECEIPT_SENTENCE` in Arabic."""


@frozen
class Words:
    """Sentences; `{version}` stands for the number of a version."""

    title: str
    opening: str
    function: str
    read: str
    button: str
    thanks: str
    already: str
    newer: str
    expired: str
    nowhere: str
    busy: str
    wrong: Mapping[str, str]


ENGLISH = Words(
    title="Confirm receipt",
    opening="Opening this page has confirmed nothing. To confirm that you received this, fill in "
            "the form.",
    function="Your function and organisation (no name)",
    read="I have read version {version}",
    button="Confirm receipt",
    thanks="Receipt of version {version} is confirmed.",
    already="Receipt of version {version} had been answered before.",
    newer="There is a newer version: {version}. Read and confirm that one; this link no longer "
          "confirms anything.",
    expired="The time of this link is over. Ask whoever sent it for another.",
    nowhere="This link leads nowhere, or what it led to was destroyed.",
    busy="Nothing was written just now. Please try again in a minute.",
    wrong={"function": "Give your function, at most 200 characters.",
           "read": "Tick that you have read this version."},
)
ARABIC = Words(
    title="تأكيد الاستلام",
    opening="فتح هذه الصفحة لا يؤكد شيئًا. لتأكيد أنكم استلمتم هذا، املأوا النموذج.",
    function="وظيفتكم ومنظمتكم (من دون اسم)",
    read="قرأتُ النسخة {version}",
    button="تأكيد الاستلام",
    thanks="تم تأكيد استلام النسخة {version}.",
    already="سبق الرد على استلام النسخة {version}.",
    newer="هناك نسخة أحدث: {version}. اقرأوا تلك النسخة وأكدوا استلامها؛ "
          "هذا الرابط لم يعد يؤكد شيئًا.",
    expired="انتهت صلاحية هذا الرابط. اطلبوا رابطًا آخر ممن أرسله.",
    nowhere="هذا الرابط لا يؤدي إلى شيء، أو أُتلف ما كان يؤدي إليه.",
    busy="لم يُكتب شيء الآن. يُرجى المحاولة مجددًا بعد دقيقة.",
    wrong={"function": "اكتبوا وظيفتكم، في 200 حرف على الأكثر.",
           "read": "ضعوا علامة على أنكم قرأتم هذه النسخة."},
)
