// What lies over the points: pictures, the region, rings around what is chosen, the star.

function draw(map) {
  if (map.planned) return
  map.planned = requestAnimationFrame(() => {
    map.planned = 0
    if (map.content && map.width) drawNow(map)
  })
}

function drawNow(map) {
  const { content, hub, ratio } = map
  const at = square(map)
  const dense = Math.sqrt(70000 / content.count)
  const size = Math.min(
    14,
    1.5 * dense + 1.15 * Math.log2(map.view.zoom) + (map.width < 500 ? 0 : 0.5),
  )
  const scaled = { x: at.x * ratio, y: at.y * ratio, side: at.side * ratio }
  map.renderer.draw(scaled, size * ratio, map.view.zoom < 3 ? 0.75 : 0.9)
  const context = map.overlay.getContext("2d")
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, map.width, map.height)
  drawPictures(map, context, at)
  drawLasso(map, context, at)
  const ink = css(map, "--st-text-color")
  const paper = css(map, "--st-background-color")
  const accent = css(map, "--st-primary-color")
  const ring = (spot, radius, color) => {
    const [x, y] = screen(map, at, spot)
    for (const [width, stroke] of [
      [5, paper],
      [2.5, color],
    ]) {
      context.lineWidth = width
      context.strokeStyle = stroke
      context.beginPath()
      context.arc(x, y, radius, 0, 7)
      context.stroke()
    }
  }
  for (const id of hub.selection.neighbours ?? []) {
    if (id >= content.first && id < content.first + content.count)
      ring(place(map, id - content.first), 5, ink)
  }
  const selected = hub.selection.selected
  if (selected != null) {
    const index = selected - content.first
    const spot = index >= 0 && index < content.count ? place(map, index) : hub.selection.spot
    if (spot) ring(spot, 10, accent)
  }
  if (hub.selection.own) star(context, screen(map, at, hub.selection.own), accent, paper, ink)
  if (map.hover >= 0) ring(place(map, map.hover), 7, ink)
  showHint(map) // its picture may have come
  map.note.hidden = map.view.zoom > 1.05
}

// When few points are in sight, show what they are.
function drawPictures(map, context, at) {
  const { content, hub } = map
  if (map.view.zoom < 6) return
  const visible = []
  for (let i = 0; i < content.count && visible.length <= PICTURES_BELOW; i++) {
    if (map.palette[4 * map.codes[i] + 3] < 128) continue
    const [x, y] = screen(map, at, place(map, i))
    if (x > -14 && y > -14 && x < map.width + 14 && y < map.height + 14) visible.push([i, x, y])
  }
  if (!visible.length || visible.length > PICTURES_BELOW) return
  const side = Math.min(
    56,
    Math.max(16, Math.sqrt((map.width * map.height) / visible.length) * 0.45),
  )
  for (const [i, x, y] of visible) {
    const picture = hub.pictures.get(content.first + i)
    if (!picture) continue
    const color = map.palette.slice(4 * map.codes[i], 4 * map.codes[i] + 3)
    context.fillStyle = `rgb(${color.join(",")})`
    context.fillRect(x - side / 2 - 2, y - side / 2 - 2, side + 4, side + 4)
    paint(context, picture, x - side / 2, y - side / 2, side)
  }
  ask(
    map,
    visible.map(([i]) => i),
  )
}

function drawLasso(map, context, at) {
  const corners = map.lasso
  if (!corners || corners.length < 2) return
  context.beginPath()
  for (const corner of corners) context.lineTo(...screen(map, at, corner))
  context.closePath()
  context.fillStyle = css(map, "--st-primary-color")
  context.globalAlpha = 0.14
  context.fill("evenodd")
  context.globalAlpha = 1
  context.lineWidth = 2
  context.strokeStyle = css(map, "--st-primary-color")
  context.stroke()
}

function star(context, [x, y], fill, paper, ink) {
  context.beginPath()
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? 5.5 : 13
    const angle = (i * Math.PI) / 5 - Math.PI / 2
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle))
  }
  context.closePath()
  context.lineJoin = "round"
  for (const [width, stroke] of [
    [6, paper],
    [2.5, ink],
  ]) {
    context.lineWidth = width
    context.strokeStyle = stroke
    context.stroke()
  }
  context.fillStyle = fill
  context.fill()
}
