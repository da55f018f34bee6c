/** Our icons: 16 px, drawn with the text's colour. They never stand without a word or a label. */

const paths = {
  loop: "M3 8a5 5 0 0 1 8.6-3.4L13 6M13 3v3h-3M13 8a5 5 0 0 1-8.6 3.4L3 10M3 13v-3h3",
  task: "M3 4.5A1.5 1.5 0 0 1 4.5 3h7A1.5 1.5 0 0 1 13 4.5v7A1.5 1.5 0 0 1 11.5 13h-7A1.5 1.5 0 0 1 3 11.5zM5.5 8l2 2 3.5-4",
  incident: "M8 2.5v6M8 10.8v.1M3 13.5h10",
  metric: "M2 11.5l3.5-4.5 3 2.5L14 4",
  monitor: "M2 5h4M2 8h3M11 5h3M7 8l2 3.5L14 6M2 11h4",
  playbook: "M2 8a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M11 8a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M5 8h6M8 6.5v3",
  proposal: "M8 11V3M4.5 6L8 2.5 11.5 6M3 13.5h10",
  knowledge: "M4 2.5h5.5L12 5v8.5H4zM6 6.5h4M6 8.5h4M6 10.5h4",
  source: "M3 4c0-2 10-2 10 0v8c0 2-10 2-10 0zM3 4c0 2 10 2 10 0M3 8c0 2 10 2 10 0",
  people: "M5.5 5.5a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M3.5 13.5c0-5 9-5 9 0",
  audit: "M3 4h10M3 7h7M3 10h9M3 13h5",
  settings: "M6 8a2 2 0 1 0 4 0 2 2 0 1 0-4 0M8 2.5v1.8M8 11.7v1.8M2.5 8h1.8M11.7 8h1.8M4.1 4.1l1.3 1.3M10.6 10.6l1.3 1.3M11.9 4.1l-1.3 1.3M5.4 10.6l-1.3 1.3",
  search: "M3 7a4 4 0 1 0 8 0 4 4 0 1 0-8 0M10 10l3.5 3.5",
  bolt: "M9 2L4 9h3.5L7 14l5-7H8.5z",
  check: "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M5.5 8l2 2 3.2-3.8",
  clock: "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M8 5v3.2h2.3",
  wait: "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M6.7 6v4M9.3 6v4",
  circle: "M3 8a5 5 0 1 0 10 0 5 5 0 1 0-10 0",
  alert: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.2v.1",
  fault: "M2.5 8a5.5 5.5 0 1 0 11 0 5.5 5.5 0 1 0-11 0M6.2 6.2l3.6 3.6M9.8 6.2L6.2 9.8",
  cross: "M4.5 4.5l7 7M11.5 4.5l-7 7",
  hand: "M5 9V5.5a.9.9 0 0 1 1.8 0V3.8a.9.9 0 0 1 1.8 0v.9a.9.9 0 0 1 1.8 0v1.5a.9.9 0 0 1 1.6 0V9.5c0 2.5-1.5 4-3.7 4-2 0-3-1-4.3-3.2l-.8-1.4c-.4-.9.8-1.4 1.3-.7z",
  comment: "M3 4h10v7H8l-3 2.5V11H3z",
  calendar: "M3 4.5h10v9H3zM3 7h10M5.5 3v2.5M10.5 3v2.5",
  link: "M6.5 9.5l3-3M7.5 5l1.3-1.3a2.3 2.3 0 0 1 3.4 3.4L11 8.5M8.5 11l-1.3 1.3a2.3 2.3 0 0 1-3.4-3.4L5 7.5",
  back: "M10 3L5 8l5 5",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  robot: "M3.5 6.5h9v6.5h-9zM8 6.5V4M6 9v1M10 9v1M8 3.5v.1",
  send: "M13.5 2.5L7 9M13.5 2.5L9.5 13.5 7 9 2.5 6.5z",
  up: "M8 13V3M4.5 6.5L8 3l3.5 3.5",
  down: "M8 3v10M4.5 9.5L8 13l3.5-3.5",
} as const;

export type IconName = keyof typeof paths | "pending";

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const dashed = name === "pending";
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      strokeDasharray={dashed ? "2.2 2.1" : undefined}
      aria-hidden="true"
    >
      <path d={paths[dashed ? "circle" : name]} />
    </svg>
  );
}
