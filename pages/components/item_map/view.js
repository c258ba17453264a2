// Where things are: CSS pixels <-> the unit square of the map

function square(map) {
  const { width, height } = map
  const side = Math.min(width, height) * map.view.zoom
  return { x: width / 2 - side / 2 + map.view.x, y: height / 2 - side / 2 + map.view.y, side }
}

function screen(map, at, [x, y]) {
  return [at.x + (x / LARGEST) * at.side, at.y + (y / LARGEST) * at.side]
}

function place(map, index) {
  return [map.content.places[2 * index], map.content.places[2 * index + 1]]
}

function zoomAt(map, factor, x = map.width / 2, y = map.height / 2) {
  const zoom = Math.min(400, Math.max(1, map.view.zoom * factor))
  const ratio = zoom / map.view.zoom
  const fromCenter = [x - map.width / 2, y - map.height / 2]
  map.view.x = fromCenter[0] - (fromCenter[0] - map.view.x) * ratio
  map.view.y = fromCenter[1] - (fromCenter[1] - map.view.y) * ratio
  map.view.zoom = zoom
  moved(map)
}

function moved(map) {
  // The map never leaves the stage.
  const side = Math.min(map.width, map.height) * map.view.zoom
  const reach = [Math.max(0, side / 2), Math.max(0, side / 2)]
  map.view.x = Math.min(reach[0], Math.max(-reach[0], map.view.x))
  map.view.y = Math.min(reach[1], Math.max(-reach[1], map.view.y))
  // Fully zoomed out, a finger that moves up or down scrolls the page.
  map.overlay.style.touchAction = map.drawing || map.view.zoom > 1 ? "none" : "pan-y"
  draw(map)
}

function resize(map) {
  map.width = map.stage.clientWidth
  map.height = map.stage.clientHeight
  map.ratio = Math.min(2, window.devicePixelRatio || 1)
  for (const canvas of [map.points, map.overlay]) {
    if (!canvas) continue
    canvas.width = Math.max(1, Math.round(map.width * map.ratio))
    canvas.height = Math.max(1, Math.round(map.height * map.ratio))
  }
  if (map.content) moved(map)
}

// Go where a link or a click in the list points, unless it is in sight.
function follow(map, selection) {
  if (!map.content || selection.selected == null || selection.seen === selection.selected) return
  selection.seen = selection.selected
  const index = selection.selected - map.content.first
  const spot = index >= 0 && index < map.content.count ? place(map, index) : selection.spot
  if (!spot) return
  const [x, y] = screen(map, square(map), spot)
  if (x > 20 && y > 20 && x < map.width - 20 && y < map.height - 20) return
  map.view.x += map.width / 2 - x
  map.view.y += map.height / 2 - y
  moved(map)
}
