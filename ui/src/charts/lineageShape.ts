/** Where the boxes of a lineage stand: one column for each step from the source, boxes near to what they come from. */

export interface Box {
  id: string;
  column: number;
  x: number;
  y: number;
}

export interface Arrow {
  start: string;
  end: string;
  relation: string;
}

export interface Shape {
  boxes: Map<string, Box>;
  width: number;
  height: number;
}

export const box = { width: 120, height: 44, across: 26, down: 12 } as const;

/** Columns by the longest way from anything that nothing leads to; a circle (there is none in a project) stays where it is.
 * What nothing leads to stands right before the first that is made of it, so that no line runs across the whole drawing. */
export function columnsOf(ids: string[], arrows: Arrow[]): Map<string, number> {
  const columns = new Map(ids.map((id) => [id, 0]));
  for (let round = 0; round < ids.length; round += 1) {
    let moved = false;
    for (const { start, end } of arrows) {
      const wanted = (columns.get(start) ?? 0) + 1;
      if (wanted > (columns.get(end) ?? 0) && wanted < ids.length) {
        columns.set(end, wanted);
        moved = true;
      }
    }
    if (!moved) break;
  }
  const made = new Set(arrows.map((arrow) => arrow.end));
  for (const id of ids.filter((one) => !made.has(one))) {
    const next = arrows.filter((arrow) => arrow.start === id).map((arrow) => columns.get(arrow.end) ?? 0);
    columns.set(id, Math.max(0, Math.min(...next, ids.length) - 1) * Number(next.length > 0));
  }
  return columns;
}

/** Boxes of a column in the order of the middle of their neighbours on the left; twice, so that it settles. */
export function shapeOf(ids: string[], arrows: Arrow[]): Shape {
  const columns = columnsOf(ids, arrows);
  const depth = Math.max(0, ...columns.values());
  const layers: string[][] = Array.from({ length: depth + 1 }, () => []);
  for (const id of ids) layers[columns.get(id) ?? 0]?.push(id);
  const row = new Map<string, number>();
  const settle = () => layers.forEach((layer) => layer.forEach((id, at) => row.set(id, at - (layer.length - 1) / 2)));
  settle();
  for (const towards of ["start", "end", "start"] as const) {
    const from = towards === "start" ? "end" : "start";
    const middle = (id: string) => {
      const near = arrows.filter((arrow) => arrow[from] === id).map((arrow) => row.get(arrow[towards]) ?? 0);
      return near.length === 0 ? (row.get(id) ?? 0) : near.reduce((sum, one) => sum + one, 0) / near.length;
    };
    for (const layer of layers) {
      const wanted = new Map(layer.map((id) => [id, middle(id)]));
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    }
    settle();
  }
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const step = box.height + box.down;
  const height = tallest * step - box.down;
  const boxes = new Map<string, Box>();
  layers.forEach((layer, column) =>
    layer.forEach((id, at) => {
      const top = (height - (layer.length * step - box.down)) / 2;
      boxes.set(id, { id, column, x: column * (box.width + box.across), y: top + at * step });
    }),
  );
  return { boxes, width: (depth + 1) * (box.width + box.across) - box.across, height };
}

/** A line from the right side of one box to the left side of another. */
export function line(from: Box, to: Box): string {
  const [x1, y1, x2, y2] = [from.x + box.width, from.y + box.height / 2, to.x, to.y + box.height / 2];
  const bend = (x1 + x2) / 2;
  return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`;
}
