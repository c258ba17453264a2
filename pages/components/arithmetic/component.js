// A sum, part by part: grids of numbers or pictures, what each part adds, and the lines after it.

export default define((parent) => {
  const root = parent.appendChild(element("div", "sum"))
  return (data) => show(root, data)
})

function show(root, data) {
  const parts = data.parts.map((part) => {
    const made = element("div", "part")
    add(made, "span", "name", part.name)
    part.grids.forEach((grid, at) => {
      if (at) add(made, "span", "sign", at === 1 ? "×" : "=")
      made.appendChild(figure(grid))
    })
    if (part.text) add(made, "span", "text", part.text)
    add(made, "span", "total", part.total)
    return made
  })
  if (data.rest) parts.push(element("div", "rest", data.rest))
  const lines = element("ol")
  for (const { text, value } of data.lines) {
    const line = add(lines, "li")
    add(line, "span", "", text)
    add(line, "b", "", value)
  }
  root.replaceChildren(...parts, lines, element("p", "agrees", data.agrees))
}

function add(parent, tag, className, text) {
  return parent.appendChild(element(tag, className, text))
}

function figure({ name, picture, rows }) {
  const made = element("figure")
  add(made, "figcaption", "", name)
  if (picture) {
    const image = add(made, "img")
    image.src = picture
    image.alt = name
    return made
  }
  const table = add(made, "table")
  for (const row of rows) {
    const line = add(table, "tr")
    for (const { text, color } of row) add(line, "td", "", text).style.backgroundColor = color
  }
  return made
}
