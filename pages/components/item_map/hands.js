// Buttons, mouse, fingers and keys.

function buttons(map) {
  for (const [mode, text] of Object.entries(MODES)) {
    const button = map.modes.appendChild(element("button", "", text))
    button.type = "button"
    button.dataset.mode = mode
    button.setAttribute("role", "radio")
    button.onclick = () => {
      map.hub.mode = mode
      recolor(map)
    }
  }
  const tool = (text, label, act) => {
    const button = map.tools.appendChild(element("button", "", text))
    button.type = "button"
    button.title = label
    button.setAttribute("aria-label", label)
    button.onclick = act
    return button
  }
  map.lassoButton = tool(say("Lasso"), say("Encircle items"), () => setDrawing(map, !map.drawing))
  map.lassoButton.setAttribute("aria-pressed", "false")
  tool("+", say("Zoom in"), () => zoomAt(map, 1.8))
  tool("−", say("Zoom out"), () => zoomAt(map, 1 / 1.8))
  tool(say("Whole"), say("Show the whole map"), () => {
    map.view = { x: 0, y: 0, zoom: 1 }
    moved(map)
  })
}

function setDrawing(map, on) {
  map.drawing = on
  map.lassoButton.setAttribute("aria-pressed", String(on))
  map.overlay.style.cursor = on ? "crosshair" : "grab"
  moved(map)
}

function gestures(map) {
  const { overlay } = map
  const spot = (event) => {
    const box = overlay.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }
  overlay.onpointerdown = (event) => {
    overlay.setPointerCapture(event.pointerId)
    const at = spot(event)
    map.pointers.set(event.pointerId, at)
    map.start = at
    map.travel = 0
    if (map.drawing && map.pointers.size === 1) {
      map.lasso = [corner(map, at)]
      map.hover = -1
      showHint(map)
    }
  }
  overlay.onpointermove = (event) => {
    const at = spot(event)
    const before = map.pointers.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== "touch") hover(map, ...at)
      return
    }
    map.pointers.set(event.pointerId, at)
    map.travel += Math.hypot(at[0] - before[0], at[1] - before[1])
    if (map.pointers.size === 2) pinch(map, event.pointerId, before, at)
    else if (map.drawing) {
      map.lasso.push(corner(map, at))
      draw(map)
    } else {
      map.view.x += at[0] - before[0]
      map.view.y += at[1] - before[1]
      if (map.travel > 4) {
        map.hover = -1
        showHint(map)
      }
      moved(map)
    }
  }
  overlay.onpointerup = (event) => {
    const at = spot(event)
    const alone = map.pointers.size === 1
    map.pointers.delete(event.pointerId)
    if (!alone) return
    if (map.travel < 6) {
      if (map.drawing) map.lasso = null
      choose(map, at, event.pointerType === "touch")
    } else if (map.drawing) encircle(map)
  }
  overlay.onpointercancel = (event) => {
    map.pointers.delete(event.pointerId)
    if (map.drawing) map.lasso = null
    draw(map)
  }
  overlay.onpointerleave = () => {
    if (map.pointers.size) return
    map.hover = -1
    showHint(map)
    draw(map)
  }
  // The page scrolls under the wheel until the map has been clicked.
  overlay.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && map.root.getRootNode().activeElement !== overlay) return
      event.preventDefault()
      zoomAt(map, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), ...spot(event))
      hover(map, ...spot(event))
    },
    { passive: false },
  )
  overlay.onkeydown = (event) => keys(map, event)
}

function corner(map, [x, y]) {
  const at = square(map)
  return [x - at.x, y - at.y].map((value) =>
    Math.round(Math.min(1, Math.max(0, value / at.side)) * LARGEST),
  )
}

function pinch(map, id, before, after) {
  const [, other] = [...map.pointers].find(([key]) => key !== id)
  const apart = (at) => Math.max(10, Math.hypot(at[0] - other[0], at[1] - other[1]))
  zoomAt(map, apart(after) / apart(before), (after[0] + other[0]) / 2, (after[1] + other[1]) / 2)
}

function choose(map, at, touch) {
  const index = nearest(map, ...at, touch ? 24 : NEAR)
  if (index < 0) return draw(map)
  map.hover = touch ? index : map.hover
  const id = map.content.first + index
  map.hub.selection = { ...map.hub.selection, selected: id, seen: id, neighbours: [], spot: null }
  map.hub.tell?.("picked", id)
  if (touch) {
    showHint(map)
    ask(map, around(map, index))
  }
  draw(map)
}

function encircle(map) {
  // A hand draws more corners than the shape has.
  const step = Math.max(1, Math.ceil(map.lasso.length / 200))
  map.lasso = map.lasso.filter((_, i) => i % step === 0)
  setDrawing(map, false)
  if (map.lasso.length > 2) map.hub.tell?.("lassoed", map.lasso)
  draw(map)
}

function keys(map, event) {
  const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }
  if (moves[event.key]) {
    map.view.x += moves[event.key][0]
    map.view.y += moves[event.key][1]
    moved(map)
  } else if (event.key === "+" || event.key === "=") zoomAt(map, 1.5)
  else if (event.key === "-") zoomAt(map, 1 / 1.5)
  else if (event.key === "0") {
    map.view = { x: 0, y: 0, zoom: 1 }
    moved(map)
  } else if (event.key === "Enter") choose(map, [map.width / 2, map.height / 2], true)
  else if (event.key === "Escape") {
    map.lasso = null
    setDrawing(map, false)
  } else return
  event.preventDefault()
}
