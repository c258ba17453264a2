// A grid of thumbnails cut from one tall picture; a click sends the example's name.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".gallery")
  if (!root || !data) return
  const { sprite, names, titles, selected } = data
  root.setAttribute("aria-label", "Examples")
  const known = root.dataset.names
  if (known !== names.join()) {
    root.dataset.names = names.join()
    root.replaceChildren(
      ...names.map((name, at) => {
        const button = document.createElement("button")
        button.type = "button"
        button.setAttribute("role", "option")
        button.title = titles[at]
        button.setAttribute("aria-label", titles[at])
        button.style.backgroundImage = `url(${sprite})`
        const last = Math.max(1, names.length - 1)
        button.style.backgroundPosition = `0 ${(100 * at) / last}%`
        return button
      }),
    )
  }
  Array.from(root.children).forEach((button, at) => {
    button.setAttribute("aria-selected", String(names[at] === selected))
    button.onclick = () => setTriggerValue("clicked", names[at])
  })
}
