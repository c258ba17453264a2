// The answer: one row a class, one column a model. Built once, then only numbers and widths change.

export default define((parent, _host, signal) => {
  const root = parent.querySelector(".answer")
  const glance = parent.querySelector(".glance")
  // On a phone the pad fills the screen: the answer's first line stays in sight below it.
  const watcher = new IntersectionObserver(
    ([entry]) =>
      glance.classList.toggle("needed", entry.boundingClientRect.top > 0 && !entry.isIntersecting),
    { threshold: 0.9 },
  )
  watcher.observe(root.querySelector(".top"))
  signal.addEventListener("abort", () => watcher.disconnect())
  const calm = matchMedia("(prefers-reduced-motion: reduce)")
  glance.onclick = () => root.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" })
  let shown
  return (data) => {
    const shape = JSON.stringify([data.columns.map((column) => column.title), data.truth])
    if (shown !== shape) build(root, data)
    shown = shape
    fill(root, data)
    summarise(glance, data)
  }
})

function summarise(glance, { picture, columns, warning }) {
  const said = columns.filter(({ words }) => words[0])
  glance.hidden = !said.length && !warning
  glance.querySelector("img").hidden = !picture
  if (picture) glance.querySelector("img").src = picture
  const each = said.map(({ title, words }) =>
    said.length > 1 ? `${title}: ${words[0]}` : words[0],
  )
  glance.querySelector("span").textContent = [...(warning ? [warning[0]] : []), ...each].join(" · ")
}

function build(root, { columns, classes, truth }) {
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, make("span", { class: "sr" }, say("Class"))),
  )
  for (const { title } of columns) head.append(make("th", { scope: "col" }, title))
  const rows = classes.map(({ name, color }, label) => {
    const mark =
      label === truth ? make("span", { class: "truth", title: say("True label") }, "✓ ") : ""
    const row = make("tr", {}, make("th", { scope: "row" }, mark, name))
    columns.forEach(() => {
      const bar = make("span", { class: "bar" })
      bar.style.background = color
      row.append(
        make("td", {}, make("span", { class: "track" }, bar), make("span", { class: "percent" })),
      )
    })
    return row
  })
  root.querySelector("table").replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows))
  root.classList.toggle("single", columns.length === 1)
  root.classList.toggle("many", columns.length > 2)
}

function fill(root, { number, picture, columns, warning, message }) {
  // That it is no item is the answer; what the networks would say comes after it.
  const guess = warning ? say("Best guess all the same: ") : ""
  const image = root.querySelector(".seen img")
  root.querySelector(".seen").hidden = !picture
  if (picture) image.src = picture
  const lines = columns.map(({ title, words }) => {
    const line = make("p", { class: "words" })
    if (columns.length > 1) line.append(make("span", { class: "who" }, `${title}: `))
    const [first, rest] = words
    if (first) line.append(guess, make("strong", {}, first), rest)
    return line
  })
  const doubt = warning
    ? [make("p", { class: "warning" }, make("strong", {}, warning[0]), warning[1])]
    : []
  const note = message ? [make("p", { class: "message" }, message)] : []
  root.querySelector(".said").replaceChildren(...doubt, ...lines, ...note)
  columns.forEach(({ percents, winner }, at) => {
    root.querySelectorAll("tbody tr").forEach((row, label) => {
      const cell = row.cells[at + 1]
      const [value, text] = percents[label] ?? [0, ""]
      cell.querySelector(".bar").style.transform = `scaleX(${value})`
      cell.querySelector(".percent").textContent = text
      cell.classList.toggle("winner", label === winner)
    })
  })
  root
    .querySelector(".facts")
    .replaceChildren(
      ...columns.map(({ title, facts }) => make("li", {}, make("b", {}, `${title}:`), ` ${facts}`)),
    )
  root.classList.toggle("doubtful", Boolean(warning))
  root.dataset.number = number
}
