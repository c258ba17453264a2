// Drawing for the replay player: each function puts one moment's numbers into one element.
// A position between two moments blends them, so that dots and bars move instead of jumping.

function blend(player, at, read) {
  const before = Math.floor(at)
  const after = Math.min(before + 1, player.count - 1)
  const share = at - before
  return (1 - share) * read(before) + share * read(after)
}

function sharpCanvas(canvas, height) {
  const width = canvas.clientWidth
  const scale = window.devicePixelRatio || 1
  const tall = height ?? width
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(tall * scale)) {
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(tall * scale)
    if (height) canvas.style.height = `${height}px`
  }
  const context = canvas.getContext("2d")
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, tall)
  return { context, width }
}

// The ten classes stand on a circle; an item is pulled to each by its probability (RadViz).
function drawMap(player, at) {
  const { data, root } = player
  const canvas = root.querySelector(".map canvas")
  const { context, width } = sharpCanvas(canvas)
  if (!width) return
  const style = getComputedStyle(root)
  const middle = width / 2
  const radius = middle - 44
  const place = data.circle.map((label, i) => [label, (i / 10) * 2 * Math.PI - Math.PI / 2])
  const x = [],
    y = []
  for (const [label, angle] of place) {
    x[label] = Math.cos(angle)
    y[label] = Math.sin(angle)
  }
  context.font = `12px ${style.fontFamily}`
  context.strokeStyle = "rgba(128,128,128,0.35)"
  context.beginPath()
  context.arc(middle, middle, radius + 4, 0, 2 * Math.PI)
  context.stroke()
  for (const [label] of place) {
    context.fillStyle = data.classes[label].color
    context.beginPath()
    context.arc(middle + x[label] * (radius + 4), middle + y[label] * (radius + 4), 5, 0, 7)
    context.fill()
    context.fillStyle = style.color
    context.textAlign = Math.abs(x[label]) < 0.1 ? "center" : x[label] > 0 ? "left" : "right"
    context.textBaseline = "middle"
    const name = data.classes[label].name
    const half = context.measureText(name).width
    const out = radius + 20
    let left = middle + x[label] * out
    let top = middle + y[label] * (out + 8)
    // Where there is no room beside the circle, a name goes above or below its dots.
    const inside = context.textAlign === "left" ? width - half : half
    if (context.textAlign !== "center" && (left - inside) * x[label] > 0) {
      left = inside
      top = middle + y[label] * radius + (y[label] < 0 ? -26 : 26)
    }
    context.fillText(name, left, top)
  }
  player.dots = data.truths.map((truth, item) => {
    let dx = 0,
      dy = 0
    for (let label = 0; label < 10; label += 1) {
      const p = blend(player, at, (moment) => player.probability(moment, item, label)) / 255
      dx += p * x[label]
      dy += p * y[label]
    }
    // Sure items would all lie on one point: each keeps a place of its own around it.
    const turn = item * 2.399963
    const apart = 3 + 9 * Math.sqrt(((item * 7919) % 101) / 101)
    return [
      middle + dx * (radius - 14) + Math.cos(turn) * apart,
      middle + dy * (radius - 14) + Math.sin(turn) * apart,
    ]
  })
  player.dots.forEach(([left, top], item) => {
    context.fillStyle = data.classes[data.truths[item]].color
    context.globalAlpha = 0.85
    context.beginPath()
    context.arc(left, top, 3.4, 0, 7)
    context.fill()
  })
  context.globalAlpha = 1
  if (player.item >= 0) {
    const [left, top] = player.dots[player.item]
    context.strokeStyle = style.color
    context.lineWidth = 2.5
    context.beginPath()
    context.arc(left, top, 9, 0, 7)
    context.stroke()
    context.lineWidth = 1
  }
}

// Weights as colours: orange above zero, blue below, clear at zero.
function drawFilters(player, at) {
  const { data, root, filters } = player
  const [count, tall, wide] = data.filter_shape
  const section = root.querySelector(".filters")
  section.hidden = !count
  if (!count) return
  const canvas = section.querySelector("canvas")
  const across = Math.min(count, canvas.clientWidth < 420 || tall > 10 ? 6 : 8)
  const gap = 6
  const side = Math.min(
    64 + (tall > 10 ? 40 : 0),
    (canvas.clientWidth - gap * (across - 1)) / across,
  )
  if (side <= 0) return
  const down = Math.ceil(count / across)
  const { context } = sharpCanvas(canvas, down * (side + gap))
  const size = count * tall * wide
  for (let one = 0; one < count; one += 1) {
    const left = (one % across) * (side + gap),
      top = Math.floor(one / across) * (side + gap)
    context.fillStyle = "rgba(128,128,128,0.14)"
    context.fillRect(left, top, side, side)
    for (let pixel = 0; pixel < tall * wide; pixel += 1) {
      const value = blend(player, at, (m) => filters[m * size + one * tall * wide + pixel]) / 127
      const color = value > 0 ? "224,123,26" : "59,130,208"
      context.fillStyle = `rgba(${color},${Math.min(1, Math.abs(value) * 1.15).toFixed(3)})`
      const row = Math.floor(pixel / wide),
        column = pixel % wide
      const w = side / wide,
        h = side / tall
      context.fillRect(left + column * w, top + row * h, w + 0.4, h + 0.4)
    }
  }
}

function drawBars(player, at) {
  const values = player.data.classes.map(
    (_, label) => blend(player, at, (moment) => player.answer(moment)?.[label] ?? 0) / 255,
  )
  const known = player.answer(Math.round(at))
  const top = known ? values.indexOf(Math.max(...values)) : -1
  player.rows.forEach(({ name, fill, value }, label) => {
    fill.style.width = `${values[label] * 100}%`
    value.textContent = known ? `${(values[label] * 100).toFixed(0)} %` : "–"
    name.classList.toggle("top", label === top)
    value.classList.toggle("top", label === top)
  })
}

const RIGHT = [29, 90, 166],
  WRONG = [168, 82, 12]

function drawMatrix(player, moment) {
  const counts = player.data.confusions[moment]
  for (let truth = 0; truth < 10; truth += 1) {
    const row = counts.slice(truth * 10, truth * 10 + 10)
    const total = row.reduce((sum, value) => sum + value, 0)
    for (let answer = 0; answer < 10; answer += 1) {
      const cell = player.cells[truth * 10 + answer]
      const share = total ? row[answer] / total : 0
      const right = truth === answer
      const [r, g, b] = right ? RIGHT : WRONG
      const strength = right ? share : Math.min(1, share / 0.2)
      cell.textContent = row[answer] || ""
      cell.style.background = `rgba(${r},${g},${b},${strength ? (0.08 + 0.92 * strength).toFixed(3) : 0})`
      cell.style.color = strength > 0.55 ? "#fff" : ""
    }
  }
}

const NS = "http://www.w3.org/2000/svg"

function svg(tag, attributes, text) {
  const made = document.createElementNS(NS, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  if (text !== undefined) made.textContent = text
  return made
}

// Two line charts, made once; the cursor and the bright part move.
function makeCurves(player) {
  const { data, root } = player
  const last = Math.max(
    1,
    data.moments.at(-1).position,
    ...data.curves.loss.training.map((p) => p[0]),
  )
  player.cursors = []
  const charts = ["accuracy", "loss"].map((metric) => {
    const scale = metric === "accuracy" ? 100 : 1
    const lines = data.curves[metric]
    const all = [...lines.training, ...lines.validation].map((point) => point[1] * scale)
    const low = all.length ? Math.min(...all) : 0,
      high = all.length ? Math.max(...all) : 1
    const room = (high - low || 1) * 0.08
    const wide = 420,
      tall = 170
    const X = (epoch) => 44 + (epoch / last) * (wide - 54)
    const Y = (value) => 14 + ((high + room - value) / (high - low + 2 * room || 1)) * (tall - 44)
    const unit = metric === "accuracy" ? say("accuracy (%)") : say("loss (nats)")
    const chart = svg("svg", {
      viewBox: `0 0 ${wide} ${tall}`,
      role: "img",
      "aria-label": say("{measure} by epoch", { measure: unit }),
    })
    for (const share of [0, 0.5, 1]) {
      const value = low + share * (high - low)
      chart.append(
        svg("line", {
          x1: 44,
          x2: wide - 10,
          y1: Y(value),
          y2: Y(value),
          stroke: "rgba(128,128,128,0.25)",
        }),
        svg(
          "text",
          { x: 40, y: Y(value) + 4, "text-anchor": "end" },
          digits(value, metric === "accuracy" ? 1 : 2),
        ),
      )
    }
    chart.append(
      svg("text", { x: 44, y: 8 }, unit),
      svg("text", { x: wide - 10, y: tall - 4, "text-anchor": "end" }, say("epochs")),
    )
    const marks =
      last <= 12
        ? Array.from({ length: Math.floor(last) + 1 }, (_, i) => i)
        : [0, Math.round(last / 2), Math.floor(last)]
    for (const mark of marks)
      chart.append(svg("text", { x: X(mark), y: tall - 16, "text-anchor": "middle" }, mark))
    for (const [name, color] of [
      ["training", data.colors.training],
      ["validation", data.colors.validation],
    ]) {
      const points = lines[name].map(([epoch, value]) => `${X(epoch)},${Y(value * scale)}`)
      chart.append(
        svg("polyline", {
          points: points.join(" "),
          fill: "none",
          stroke: color,
          "stroke-width": 2.2,
        }),
      )
      if (points.length <= 40) {
        for (const [epoch, value] of lines[name]) {
          const x = X(epoch),
            y = Y(value * scale)
          chart.append(
            name === "training"
              ? svg("circle", { cx: x, cy: y, r: 3, fill: color })
              : svg("path", {
                  d: `M${x - 4} ${y}L${x} ${y - 4}L${x + 4} ${y}L${x} ${y + 4}Z`,
                  fill: color,
                }),
          )
        }
      }
    }
    const best = lines.validation.find(([epoch]) => epoch === data.best)
    if (best)
      chart.append(
        svg("circle", {
          cx: X(best[0]),
          cy: Y(best[1] * scale),
          r: 8,
          fill: "none",
          stroke: data.colors.best,
          "stroke-width": 3,
        }),
      )
    const cursor = svg("line", {
      y1: 12,
      y2: tall - 28,
      stroke: "currentColor",
      "stroke-width": 1.5,
      "stroke-dasharray": "4 3",
    })
    chart.append(cursor)
    player.cursors.push((position) => {
      cursor.setAttribute("x1", X(position))
      cursor.setAttribute("x2", X(position))
    })
    return chart
  })
  root.querySelector(".lines").replaceChildren(...charts)
}
