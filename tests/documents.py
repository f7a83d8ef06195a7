"""Real documents for tests: PDF files with known text, annotations, attachments and metadata, and photos."""

import io

import pypdf
from fpdf import FPDF
from PIL import Image
from pypdf.annotations import FreeText, Text
from pypdf.generic import NameObject

SECRET = "KOFI BOATENG OWES 4711 CEDIS"
OPEN_TEXT = "DEAR AMA MENSAH THIS IS ABOUT YOU"


def text_document(pages: int = 1, *, rotate: int = 0) -> bytes:
    """Each page says `OPEN_TEXT` 40 points from its top and `SECRET` at 110; with everything that can travel along."""
    page = FPDF(unit="pt", format="A4")
    page.set_font("helvetica", size=14)
    page.set_title(f"title {SECRET}")
    page.set_author("author 4711")
    for _number in range(pages):
        page.add_page()
        page.text(60, 40, OPEN_TEXT)
        page.text(60, 110, SECRET)
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(io.BytesIO(bytes(page.output()))))
    writer.add_attachment("attached.txt", SECRET.encode())
    writer.add_annotation(0, Text(rect=(500, 780, 520, 800), text=f"note {SECRET}"))
    writer.add_annotation(0, FreeText(text=f"free {SECRET}", rect=(60, 600, 300, 640)))
    if rotate:
        for each in writer.pages:
            each[NameObject("/Rotate")] = pypdf.generic.NumberObject(rotate)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def photo(kind: str = "jpeg", size: tuple[int, int] = (60, 40)) -> bytes:
    """A photo whose EXIF data says where it was taken, lying on its side."""
    image = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x010E] = "at home of Ama Mensah"  # ImageDescription
    exif[0x0112] = 6  # Orientation: turn it
    exif.get_ifd(0x8825)[1] = "N"  # GPSLatitudeRef
    target = io.BytesIO()
    image.save(target, kind, exif=exif)
    return target.getvalue()


def everything_in(pdf: bytes) -> bytes:
    """The file as it is, and every stream in it unpacked."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    found = [pdf]
    for number in range(1, reader.trailer["/Size"]):
        thing = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        found.append(str(thing).encode())
        if hasattr(thing, "get_data") and thing.get("/Filter") != "/DCTDecode":
            found.append(thing.get_data())
    return b"\n".join(found)
