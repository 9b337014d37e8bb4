"use strict";
// The map of physical memory. Cells follow a Hilbert curve, so that what is near in memory is near in the
// picture, or rows. Wheel and pinch zoom, dragging moves, a click on the key shows one kind alone.
(async () => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const canvas = document.getElementById("map");
  const said = document.getElementById("said");

  async function inflate(text) {
    const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }
  const kinds = await inflate(data.cells);
  const shares = await inflate(data.shares);
  const count = kinds.length;

  let side = 1;
  while (side * side < count) side *= 2;

  function place(cell) { // cell -> [x, y] along the Hilbert curve
    let x = 0, y = 0, rest = cell;
    for (let s = 1; s < side; s *= 2) {
      const rx = 1 & (rest >> 1), ry = 1 & (rest ^ rx);
      if (ry === 0) {
        if (rx === 1) { x = s - 1 - x; y = s - 1 - y; }
        [x, y] = [y, x];
      }
      x += s * rx; y += s * ry; rest >>= 2;
    }
    return [x, y];
  }
  let shape = "hilbert", cols = side, rows = side;
  let where = new Int32Array(0), what = new Int32Array(0);
  let view = null, alone = -1, chosen = -1;

  function arrange() {
    cols = side; rows = side;
    // A curve that needs less than the square is cut to the half or quarter that it fills.
    if (shape === "rows") { rows = Math.ceil(count / cols); }
    where = new Int32Array(count); what = new Int32Array(cols * rows).fill(-1);
    let highest = 0, widest = 0;
    for (let cell = 0; cell < count; cell++) {
      const [x, y] = shape === "rows" ? [cell % cols, Math.floor(cell / cols)] : place(cell);
      where[cell] = y * cols + x; what[where[cell]] = cell;
      if (y > highest) highest = y;
      if (x > widest) widest = x;
    }
    view = { x: 0, y: 0, w: widest + 1, h: highest + 1 };
    canvas.style.aspectRatio = `${view.w} / ${Math.max(view.h, view.w / 8)}`;
    whole = { ...view };
  }
  let whole = null;
  const picture = document.createElement("canvas");

  function paint() {
    picture.width = cols; picture.height = rows;
    const context = picture.getContext("2d");
    const image = context.createImageData(cols, rows);
    for (let cell = 0; cell < count; cell++) {
      const [r, g, b] = data.colours[kinds[cell]] || [128, 128, 128];
      const at = where[cell] * 4;
      let alpha = 90 + shares[cell] * 165 / 255;
      if (kinds[cell] === data.absent) alpha = 18;
      if (alone >= 0 && kinds[cell] !== alone) alpha = 14;
      image.data[at] = r; image.data[at + 1] = g; image.data[at + 2] = b; image.data[at + 3] = alpha;
    }
    context.putImageData(image, 0, 0);
    draw();
  }
  function draw() {
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(canvas.clientWidth * ratio), high = Math.round(canvas.clientHeight * ratio);
    if (canvas.width !== wide || canvas.height !== high) { canvas.width = wide; canvas.height = high; }
    const context = canvas.getContext("2d");
    context.imageSmoothingEnabled = false;
    context.clearRect(0, 0, wide, high);
    context.drawImage(picture, view.x, view.y, view.w, view.h, 0, 0, wide, high);
    if (chosen >= 0) {
      const x = where[chosen] % cols, y = Math.floor(where[chosen] / cols);
      const size = wide / view.w, tall = high / view.h;
      context.strokeStyle = getComputedStyle(document.body).color;
      context.lineWidth = Math.max(1.5 * ratio, 1);
      context.strokeRect((x - view.x) * size - 1, (y - view.y) * tall - 1, size + 2, tall + 2);
    }
  }
  const hex = (n) => "0x" + n.toString(16);
  function size(bytes) {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let unit = 0;
    while (bytes >= 1024 && unit < 4) { bytes /= 1024; unit++; }
    return `${unit ? bytes.toFixed(1) : bytes} ${units[unit]}`;
  }
  function tell(cell) {
    chosen = cell;
    if (cell < 0) { said.textContent = data.hint; draw(); return; }
    const first = data.first + cell * data.cell, last = first + data.cell - 1;
    const kind = kinds[cell], part = (shares[cell] / 255 * 100).toFixed(0);
    let text = `${data.names[kind]}`;
    if (kind !== data.absent) text += `: ${part}% of these ${data.cell} frames`;
    text += `\npfn ${hex(first)} to ${hex(last)}\nphysical ${hex(first * data.page)}`;
    text += `\n${size(first * data.page)} from the start`;
    for (const zone of data.zones) if (first >= zone[1] && first < zone[2]) text += `\n${zone[0]}`;
    said.textContent = text;
    draw();
  }
  function at(event) {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
  function under(event) {
    const [fx, fy] = at(event);
    const x = Math.floor(view.x + fx * view.w), y = Math.floor(view.y + fy * view.h);
    return x >= 0 && y >= 0 && x < cols && y < rows ? what[y * cols + x] : -1;
  }
  function zoom(factor, fx, fy) {
    const w = Math.min(Math.max(view.w * factor, 4), whole.w), h = w * whole.h / whole.w;
    view = { x: view.x + fx * (view.w - w), y: view.y + fy * (view.h - h), w, h };
    keep();
  }
  function keep() {
    view.x = Math.min(Math.max(view.x, 0), whole.w - view.w);
    view.y = Math.min(Math.max(view.y, 0), whole.h - view.h);
    draw();
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.25 : 0.8, ...at(event));
  }, { passive: false });
  const held = new Map();
  canvas.addEventListener("pointerdown", (event) => {
    held.set(event.pointerId, event);
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    if (before && held.size === 1) {
      const box = canvas.getBoundingClientRect();
      view.x -= (event.clientX - before.clientX) / box.width * view.w;
      view.y -= (event.clientY - before.clientY) / box.height * view.h;
      keep();
    } else if (before && held.size === 2) {
      const other = [...held.values()].find((each) => each.pointerId !== event.pointerId);
      const far = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
      zoom(far(before, other) / far(event, other), ...at(event));
    }
    if (before) held.set(event.pointerId, event);
    tell(under(event));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => held.delete(event.pointerId));
  }
  canvas.addEventListener("pointerleave", () => tell(-1));
  canvas.tabIndex = 0;
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step) { view.x += step[0] * view.w / 8; view.y += step[1] * view.h / 8; keep(); }
    else if (event.key === "+" || event.key === "=") zoom(0.8, 0.5, 0.5);
    else if (event.key === "-") zoom(1.25, 0.5, 0.5);
    else return;
    event.preventDefault();
  });
  document.getElementById("in").onclick = () => zoom(0.5, 0.5, 0.5);
  document.getElementById("out").onclick = () => zoom(2, 0.5, 0.5);
  document.getElementById("all").onclick = () => { view = { ...whole }; draw(); };
  document.getElementById("shape").onclick = (event) => {
    shape = shape === "rows" ? "hilbert" : "rows";
    event.target.textContent = shape === "rows" ? "Hilbert curve" : "rows";
    arrange(); paint();
  };
  for (const button of document.querySelectorAll(".key button")) {
    button.onclick = () => {
      const kind = Number(button.dataset.kind);
      alone = alone === kind ? -1 : kind;
      for (const each of document.querySelectorAll(".key button")) {
        each.setAttribute("aria-pressed", String(Number(each.dataset.kind) === alone));
      }
      paint();
    };
  }
  new ResizeObserver(draw).observe(canvas);
  arrange(); paint(); tell(-1);
  document.body.dataset.ready = "yes";
})();
