// The map: moves, hovers, chooses and encircles points that item_points.js draws. Its other files,
// item_map_*.js, are put behind this one to make one module.
//
// Python mounts this component three times with the same name, because what it sends is worth
// different prices: the points, once a layout, as raw bytes; small pictures, when the pointer asks
// for them; the selection, at each click. The mounts find one another through `hubs`.

const SIDE = 28
const MARGIN = 2
const LARGEST = 65535
const NEAR = 16 // CSS pixels between the pointer and a point that it means
const AT_ONCE = 120 // pictures in one question
const PICTURES_BELOW = 350 // so few visible points are drawn as what they are
const MODES = {
  label: say("Class"),
  right: say("Right or wrong"),
  confidence: say("Confidence"),
}

const hubs = (globalThis[Symbol.for("fashion-mnist-map")] ??= new Map())

function hubOf(name) {
  if (!hubs.has(name)) {
    hubs.set(name, {
      pictures: new Map(),
      selection: {},
      redraw() {},
      ask: null,
      tell: null,
      mode: "label",
    })
  }
  return hubs.get(name)
}

export default define((root, host, signal) => {
  let map
  return (data) => {
    if (data instanceof Uint8Array || data instanceof ArrayBuffer) {
      const content = unpack(data)
      map ??= mount(root, signal)
      if (map.number !== content.number) fill(map, content)
      return
    }
    const hub = hubOf(data.map)
    if (data.role === "pictures") {
      hub.ask = (ids) => host.setTriggerValue("wanted", ids)
      if (data.number !== hub.number) addPictures(hub, data)
    } else {
      hub.tell = (name, value) => host.setTriggerValue(name, value)
      hub.selection = data
      hub.encircle?.(data.lasso)
      hub.follow?.(data)
      hub.redraw()
    }
    signal.onabort = () => (hub[data.role === "pictures" ? "ask" : "tell"] = null)
  }
})

// Pictures

async function addPictures(hub, data) {
  hub.number = data.number
  hub.waiting = false
  if (!data.ids.length) return
  const sheet = await createImageBitmap(new Blob([bytes(data.sheet)], { type: "image/png" }))
  const across = Math.max(1, Math.ceil(Math.sqrt(data.ids.length)))
  const side = SIDE + 2 * MARGIN
  data.ids.forEach((id, at) => {
    hub.pictures.set(id, {
      sheet,
      x: (at % across) * side + MARGIN,
      y: Math.floor(at / across) * side + MARGIN,
    })
  })
  hub.redraw()
}

function paint(context, picture, x, y, side) {
  context.imageSmoothingEnabled = false
  context.drawImage(picture.sheet, picture.x, picture.y, SIDE, SIDE, x, y, side, side)
}

// The map

function unpack(data) {
  // A copy, because typed arrays must begin at a multiple of their size.
  const buffer = new Uint8Array(data).slice().buffer
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  let at = 4 + length
  const take = (Kind, count) => {
    const values = new Kind(buffer, at, count)
    at += values.byteLength
    return values
  }
  const places = take(Uint16Array, 2 * header.count)
  const [labels, answers, confidences] = [0, 1, 2].map(() => take(Uint8Array, header.count))
  return { ...header, places, labels, answers, confidences }
}

function mount(parent, signal) {
  const root = parent.appendChild(element("section", "map"))
  const bar = root.appendChild(element("div", "bar"))
  const modes = bar.appendChild(element("div", "modes"))
  modes.setAttribute("role", "radiogroup")
  modes.setAttribute("aria-label", say("Colour by"))
  const tools = bar.appendChild(element("div", "tools"))
  const stage = root.appendChild(element("div", "stage"))
  const overlay = element("canvas", "overlay")
  overlay.tabIndex = 0
  overlay.setAttribute("role", "application")
  stage.append(overlay)
  const hint = stage.appendChild(element("div", "hint"))
  hint.hidden = true
  const note = stage.appendChild(element("div", "note"))
  const legend = root.appendChild(element("div", "legend"))
  const map = {
    root,
    modes,
    tools,
    stage,
    overlay,
    hint,
    note,
    legend,
    view: { x: 0, y: 0, zoom: 1 },
    hidden: new Set(),
    hover: -1,
    lasso: null,
    drawing: false,
    pointers: new Map(),
  }
  const size = new ResizeObserver(() => resize(map))
  size.observe(stage)
  // The page's theme changes its variables, not this element.
  const theme = new MutationObserver(() => recolor(map))
  theme.observe(document.documentElement, { attributes: true, subtree: false })
  signal.addEventListener("abort", () => {
    size.disconnect()
    theme.disconnect()
    map.renderer?.end()
    map.hub.redraw = () => {}
  })
  buttons(map)
  gestures(map)
  return map
}

function fill(map, content) {
  const same = map.content?.layout === content.layout
  map.number = content.number
  map.content = content
  map.hub = hubOf(content.map)
  map.hub.redraw = () => draw(map)
  map.hub.follow = (selection) => follow(map, selection)
  map.hub.encircle = (lasso) => {
    // A region that is just being drawn is newer than the one that Python knows.
    if (!map.drawing) map.lasso = lasso
  }
  const keys = say("Arrow keys move it, plus and minus zoom, Enter chooses the item in the middle.")
  map.overlay.setAttribute("aria-label", `${content.title}. ${keys}`)
  // A canvas keeps its kind of context, so other points need a new one.
  map.renderer?.end()
  map.points?.remove()
  map.points = element("canvas", "points")
  map.points.setAttribute("aria-hidden", "true") // the overlay speaks for both
  map.stage.prepend(map.points)
  map.renderer = renderer(map.points, content.places)
  map.stage.dataset.renderer = map.renderer.kind
  map.hover = -1
  if (!same) {
    map.view = { x: 0, y: 0, zoom: 1 }
    map.lasso = map.hub.selection.lasso ?? null
    map.hub.selection.seen = null
  }
  for (const button of map.modes.children) {
    button.disabled = button.dataset.mode !== "label" && !content.judged
  }
  if (!content.judged) map.hub.mode = "label"
  resize(map)
  recolor(map)
}
