// How the points of the map are coloured, and the legend that says so and hides groups.

function recolor(map) {
  const { content, hub } = map
  if (!content) return
  for (const button of map.modes.children) {
    button.setAttribute("aria-checked", String(button.dataset.mode === hub.mode))
  }
  const scheme = { label: byLabel, right: byRight, confidence: byConfidence }[hub.mode](
    content,
    map,
  )
  const palette = new Uint8Array(1024)
  const faint = rgb(css(map, "--st-text-color"))
  scheme.colors.forEach((color, code) => {
    const shown = !map.hidden.has(`${hub.mode}:${scheme.groups[code]}`) && color !== null
    palette.set(shown ? [...rgb(color), 255] : [...faint, 26], 4 * code)
  })
  map.codes = scheme.codes
  map.palette = palette
  map.renderer.recolor(scheme.codes, palette)
  showLegend(map, scheme)
  draw(map)
}

function byLabel(content) {
  return {
    codes: content.labels,
    colors: content.colors,
    groups: content.names.map((_, i) => i),
    entries: content.names.map((name, i) => [i, content.colors[i], name]),
  }
}

function byRight(content) {
  const codes = content.answers.map((answer, i) =>
    answer > 9 ? 2 : Number(answer === content.labels[i]),
  )
  const counts = [0, 0, 0]
  for (const code of codes) counts[code]++
  const [wrong, right, unknown] = counts.map((count) => digits(count))
  const names = [
    say("{wrong} wrong", { wrong }),
    say("{right} right", { right }),
    say("{unknown} not judged", { unknown }),
  ]
  return {
    codes,
    colors: [content.wrong, content.right, null],
    groups: [0, 1, 2],
    entries: names
      .map((name, i) => [i, i === 2 ? null : [content.wrong, content.right][i], name])
      .filter((_, i) => counts[i]),
  }
}

function byConfidence(content) {
  // 0 to 254 is the confidence, 255 says that there is none.
  const stops = content.ramp.map(rgb)
  const colors = Array.from({ length: 255 }, (_, i) => {
    const at = (i / 254) * (stops.length - 1)
    const low = Math.min(Math.floor(at), stops.length - 2)
    return stops[low].map((value, k) => value + (stops[low + 1][k] - value) * (at - low))
  })
  return {
    codes: content.confidences,
    colors: [...colors, null],
    groups: Array(256).fill(0),
    ramp: content.ramp,
  }
}

function rgb(color) {
  if (Array.isArray(color)) return color
  if (!color.startsWith("#"))
    return color
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map(Number)
  return [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16))
}

function css(map, name) {
  const value = getComputedStyle(map.root).getPropertyValue(name).trim()
  return /^(#[\da-f]{6}|rgba?\()/i.test(value) ? value : "#808080"
}

function showLegend(map, scheme) {
  const { legend, hub, content } = map
  if (scheme.ramp) {
    const bar = element("span", "ramp")
    bar.style.background = `linear-gradient(90deg, ${scheme.ramp.join(", ")})`
    legend.replaceChildren(
      element("span", "end", "0 %"),
      bar,
      element("span", "end", say("100 % sure")),
    )
  } else {
    legend.replaceChildren(
      ...scheme.entries.map(([group, color, name]) => {
        const chip = element("button", "chip")
        chip.type = "button"
        const key = `${hub.mode}:${group}`
        chip.setAttribute("aria-pressed", String(!map.hidden.has(key)))
        const dot = chip.appendChild(element("span", "dot"))
        if (color) dot.style.background = color
        chip.append(name)
        chip.onclick = () => {
          toggle(
            map.hidden,
            key,
            scheme.entries.map(([other]) => `${hub.mode}:${other}`),
          )
          recolor(map)
        }
        return chip
      }),
    )
  }
  if (hub.mode !== "label")
    legend.append(element("span", "judge", say("Answers of {judge}.", content)))
}

// The first click shows one group alone; further clicks add and remove.
function toggle(hidden, key, all) {
  const shown = all.filter((other) => !hidden.has(other))
  if (shown.length === all.length)
    for (const other of all)
      if (other !== key) hidden.add(other)
      else if (hidden.has(key)) hidden.delete(key)
      else hidden.add(key)
  if (all.every((other) => hidden.has(other))) for (const other of all) hidden.delete(other)
}
