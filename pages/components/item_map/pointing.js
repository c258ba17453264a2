// Asking for pictures: one question at a time, the newest counts

function ask(map, indices) {
  const { hub, content } = map
  const wanted = indices.map((i) => content.first + i).filter((id) => !hub.pictures.has(id))
  if (!wanted.length) return
  hub.wanted = wanted.slice(0, AT_ONCE)
  if (hub.timer) return
  hub.timer = setTimeout(() => {
    hub.timer = 0
    // An answer that never comes must not silence the map for good.
    if (hub.waiting && performance.now() - hub.waiting < 3000) return draw(map)
    if (!hub.ask || !hub.wanted.length) return
    hub.waiting = performance.now()
    hub.ask(hub.wanted)
    hub.wanted = []
  }, 60)
}

function nearest(map, x, y, reach = NEAR) {
  const { content } = map
  const at = square(map)
  const scale = LARGEST / at.side
  const [px, py] = [(x - at.x) * scale, (y - at.y) * scale]
  let best = (reach * scale) ** 2
  let found = -1
  for (let i = 0; i < content.count; i++) {
    const dx = content.places[2 * i] - px
    const dy = content.places[2 * i + 1] - py
    const apart = dx * dx + dy * dy
    if (apart < best && map.palette[4 * map.codes[i] + 3] > 128) {
      best = apart
      found = i
    }
  }
  return found
}

function around(map, index) {
  const { content } = map
  const [px, py] = place(map, index)
  const near = (30 / square(map).side) * LARGEST
  const found = []
  for (let i = 0; i < content.count; i++) {
    const apart = Math.max(
      Math.abs(content.places[2 * i] - px),
      Math.abs(content.places[2 * i + 1] - py),
    )
    if (apart < near) found.push([apart, i])
  }
  found.sort((a, b) => a[0] - b[0])
  return found.slice(0, AT_ONCE).map(([, i]) => i)
}

function hover(map, x, y) {
  const index = map.drawing && map.pointers.size ? -1 : nearest(map, x, y)
  map.overlay.style.cursor = map.drawing ? "crosshair" : index >= 0 ? "pointer" : "grab"
  if (index !== map.hover) {
    map.hover = index
    draw(map)
  }
  showHint(map)
  if (index >= 0 && !map.hub.pictures.has(map.content.first + index)) ask(map, around(map, index))
}

function showHint(map) {
  const { hint, content, hub, hover: index } = map
  hint.hidden = index < 0
  if (index < 0) return
  const id = content.first + index
  const [x, y] = screen(map, square(map), place(map, index))
  const picture = hub.pictures.get(id)
  if (hint.dataset.id !== String(id) || (picture && !hint.querySelector("canvas.filled"))) {
    hint.dataset.id = id
    const canvas = element("canvas", picture ? "filled" : "")
    canvas.width = canvas.height = SIDE
    if (picture) paint(canvas.getContext("2d"), picture, 0, 0, SIDE)
    const words = element("div", "words")
    words.append(element("b", "", content.names[content.labels[index]]))
    words.append(element("span", "", nameOf(id)))
    const answer = content.answers[index]
    if (answer <= 9) {
      const sure = Math.round((content.confidences[index] / 254) * 100)
      const right = answer === content.labels[index]
      words.append(element("span", "", `${right ? "✓" : "✗"} ${content.names[answer]} ${sure} %`))
    }
    hint.replaceChildren(canvas, words)
  }
  const [w, h] = [hint.offsetWidth, hint.offsetHeight]
  const left = x + 16 + w > map.width ? x - 16 - w : x + 16
  hint.style.left = `${Math.max(4, left)}px`
  hint.style.top = `${Math.max(4, Math.min(y - h / 2, map.height - h - 4))}px`
}

function nameOf(id) {
  const number = digits(id < 60000 ? id : id - 60000)
  return id < 60000
    ? say("training image {number}", { number })
    : say("test image {number}", { number })
}
