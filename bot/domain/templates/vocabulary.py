"""The words a project is made of: effects and places, elements and attributes; all others are refused."""

from __future__ import annotations

EFFECTS = tuple(
    "fade fadeblack fadewhite fadegrays fadefast fadeslow distance dissolve pixelize radial hblur zoomin "
    "wipeleft wiperight wipeup wipedown wipetl wipetr wipebl wipebr slideleft slideright slideup slidedown "
    "smoothleft smoothright smoothup smoothdown circlecrop rectcrop circleclose circleopen horzclose horzopen "
    "vertclose vertopen diagbl diagbr diagtl diagtr hlslice hrslice vuslice vdslice squeezeh squeezev hlwind hrwind "
    "vuwind vdwind coverleft coverright coverup coverdown revealleft revealright revealup revealdown".split()
)
PLACES = tuple(
    f"{row}-{column}" for row in ("top", "center", "bottom") for column in ("left", "center", "right")
)
"""For transitions, and for where on the canvas (Zvid docs, concepts pages)."""

SUBTITLE_ANIMATIONS = tuple(
    "normal none one-word karaoke progressive highlight fill pop bounce fade slide typewriter".split()
)

HTML_ELEMENTS = frozenset(
    "b strong i em u s br span div p ul ol li img canvas svg g defs lineargradient radialgradient stop path circle "
    "ellipse rect polygon polyline line".split()
)
"""Zvid docs, elements/text."""

HTML_ATTRIBUTES = frozenset("style class src alt width height".split())

DRAWING_IN_HTML = frozenset(
    "svg g defs lineargradient radialgradient stop path circle ellipse rect polygon polyline line".split()
)
"""Of these elements, those that take a drawing's attributes."""

SVG_ELEMENTS = frozenset(
    "svg g defs symbol use title desc metadata path rect circle ellipse line polyline polygon text tspan textPath "
    "linearGradient radialGradient stop pattern clipPath mask marker style switch view a image animate "
    "animateTransform animateMotion mpath set filter feBlend feColorMatrix feComponentTransfer feComposite "
    "feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB "
    "feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight "
    "feSpecularLighting feSpotLight feTile feTurbulence".split()
)

SVG_ATTRIBUTES = frozenset(
    "accent-height accumulate additive alignment-baseline amplitude attributeName attributeType azimuth baseFrequency "
    "baseline-shift baseProfile begin bias by calcMode class clip clip-path clip-rule clipPathUnits color "
    "color-interpolation color-interpolation-filters color-rendering cursor cx cy d diffuseConstant direction display "
    "divisor dominant-baseline dur dx dy edgeMode elevation enable-background end exponent fill fill-opacity "
    "fill-rule filter filterUnits flood-color flood-opacity font-family font-feature-settings font-kerning font-size "
    "font-size-adjust font-stretch font-style font-variant font-variation-settings font-weight fr from fx fy "
    "gradientTransform gradientUnits height href id image-rendering in in2 intercept isolation k1 k2 k3 k4 "
    "kernelMatrix kernelUnitLength keyPoints keySplines keyTimes kerning lang lengthAdjust letter-spacing "
    "lighting-color limitingConeAngle marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask "
    "mask-type maskContentUnits maskUnits max min mix-blend-mode mode numOctaves offset opacity operator order orient "
    "origin overflow paint-order path pathLength patternContentUnits patternTransform patternUnits pointer-events "
    "points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY "
    "repeatCount repeatDur restart result role rotate rx ry scale seed shape-rendering side slope spacing "
    "specularConstant specularExponent spreadMethod startOffset stdDeviation stitchTiles stop-color stop-opacity "
    "stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
    "stroke-width style surfaceScale systemLanguage tableValues targetX targetY text-anchor text-decoration "
    "text-orientation text-overflow text-rendering textLength to transform transform-box transform-origin type "
    "unicode-bidi values vector-effect version viewBox visibility white-space width word-spacing writing-mode x x1 "
    "x2 xChannelSelector xlink:href xml:lang xml:space xmlns y y1 y2 yChannelSelector z zoomAndPan".split()
)
"""SVG 2, appendices D and J, without scripts and event handlers."""

FREE_ATTRIBUTES = frozenset("id class alt title lang xml:lang aria-label".split())
"""Attributes that take any text: they draw nothing and point nowhere."""

LINKS = frozenset({"href", "xlink:href", "src"})
"""Attributes that make a renderer fetch something."""


def is_svg_attribute(name: str) -> bool:
    """Also the families of names that only describe."""
    return name in SVG_ATTRIBUTES or name.startswith(("data-", "aria-"))


def is_free_attribute(name: str) -> bool:
    """Whether any text may stand in it."""
    return name in FREE_ATTRIBUTES or name.startswith("data-")
