import { useEffect, useRef } from "react";
import { init, type Chart, type ChartOption } from "./echarts";

interface EChartProps {
  option: ChartOption;
  height: number;
  label: string;
  onPick?: (name: string, seriesName: string) => void;
}

/** One ECharts drawing. `label` is the sentence that stands for the picture. */
export function EChart({ option, height, label, onPick }: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const drawn = init(element, undefined, { renderer: "svg" });
    chart.current = drawn;
    drawn.on("click", (event) => pick.current?.(String(event.name), event.seriesName ?? ""));
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);

  return (
    <div role="img" aria-label={label} style={{ height }} className="chart">
      {/* The library puts its own English description on its element; ours, on the wrapper, is in the reader's language. */}
      <div ref={box} style={{ height: "100%" }} aria-hidden="true" />
    </div>
  );
}
