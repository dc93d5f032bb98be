"""Child side: the keys of a PDF that draw its pages and lead through it (ISO 32000-2), kept by list."""

#: Gone wherever they stand.
TOLD = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/SpiderInfo", "/VP", "/Measure", "/PtData", "/Thumb", "/OPI", "/Alternates"),
    *("/AA", "/StructParent", "/StructParents", "/AF"),
)  # fmt: skip
CATALOG = frozenset(
    ("/Type", "/Pages", "/PageLabels", "/Names", "/Dests", "/ViewerPreferences", "/PageLayout", "/PageMode", "/Outlines", "/Lang",
     "/OpenAction", "/AcroForm", "/OCProperties")
)  # fmt: skip
NAMES = frozenset(("/Dests",))
FORM = frozenset(("/Fields", "/NeedAppearances", "/DR", "/DA", "/Q"))
LAYERS = frozenset(("/OCGs", "/D", "/Configs"))
SHOWN = frozenset(("/BaseState", "/ON", "/OFF", "/Intent", "/AS", "/Order", "/ListMode", "/RBGroups", "/Locked"))
LAYER = frozenset(("/Type", "/Name", "/Intent", "/Usage"))
USAGE = frozenset(("/View", "/Print", "/Export", "/Zoom"))
PAGE = frozenset(
    ("/Type", "/Parent", "/Kids", "/Count", "/Resources", "/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Contents",
     "/Rotate", "/Group", "/Annots", "/UserUnit", "/Tabs")
)  # fmt: skip
#: A comment, without its author, subject, times and the text that only its program reads.
NOTE = frozenset(
    ("/Type", "/Subtype", "/Rect", "/Contents", "/P", "/F", "/AP", "/AS", "/Border", "/C", "/BS", "/BE", "/CA", "/ca", "/IC",
     "/QuadPoints", "/L", "/LE", "/LL", "/LLE", "/Cap", "/Vertices", "/InkList", "/DA", "/DS", "/Q", "/CL", "/RD", "/Open", "/Name",
     "/Popup", "/Parent", "/IRT", "/RT", "/State", "/StateModel", "/IT", "/A", "/Dest", "/H", "/Sy", "/OC", "/BM")
)  # fmt: skip
FIELD = NOTE | {"/FT", "/T", "/TU", "/V", "/DV", "/Ff", "/MaxLen", "/Opt", "/TI", "/I", "/MK", "/Kids"}
BOOKMARK = frozenset(
    ("/Type", "/Title", "/Parent", "/Prev", "/Next", "/First", "/Last", "/Count", "/Dest", "/A", "/C", "/F")
)
ACTION = frozenset(("/Type", "/S", "/D", "/URI", "/N"))
IMAGE = frozenset(
    ("/Type", "/Subtype", "/Name", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Decode",
     "/ImageMask", "/Mask", "/SMask", "/SMaskInData", "/Intent", "/Interpolate", "/Length", "/Matte", "/OC", "/F")
)  # fmt: skip
DRAWING = frozenset(
    ("/Type", "/Subtype", "/Name", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/Filter", "/DecodeParms", "/Length",
     "/OC", "/F")
)  # fmt: skip
