/** Where things stand on the drawn loop: four stations above, four below, flow pills between them. */

export const stationOrder = ["collect", "detect", "attribute", "assign", "act", "verify", "review", "tune"] as const;

export const size = { width: 1032, height: 322 };
const top = 84;
const bottom = 236;
const xs = [116, 383, 650, 917];
export const radius = 25;

export interface Place {
  x: number;
  y: number;
}

/** The eight stations, clockwise from the upper left. */
export const places: Place[] = [
  ...xs.map((x) => ({ x, y: top })),
  ...xs.toReversed().map((x) => ({ x, y: bottom })),
];

/** The flow from each station to the next one: in the middle of its stretch of track. */
export const pills: (Place & { to: "right" | "down" | "left" | "up" })[] = places.map((place, index) => {
  const next = places[(index + 1) % places.length] ?? place;
  if (place.y !== next.y) {
    const right = place.x > size.width / 2;
    return { x: right ? 991 : 41, y: (top + bottom) / 2, to: right ? "down" : "up" };
  }
  return { x: (place.x + next.x) / 2, y: place.y, to: place.y === top ? "right" : "left" };
});

const bend = (bottom - top) / 2;

/** The closed track: two straights and two half circles. */
export const track =
  `M${xs[0]} ${top}H${xs[3]}A${bend} ${bend} 0 0 1 ${xs[3]} ${bottom}H${xs[0]}A${bend} ${bend} 0 0 1 ${xs[0]} ${top}Z`;
