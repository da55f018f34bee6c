import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const backend = "http://127.0.0.1:8321"; // where `metricloop serve` answers by default

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/metricloop/web/static",
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // Three chunks that change at different times, so that an update of ours does not re-send theirs.
        advancedChunks: {
          groups: [
            { name: "charts", test: /node_modules[\\/](echarts|zrender)/ },
            { name: "antd", test: /node_modules[\\/](antd|@ant-design|@rc-component|rc-|dayjs)/ },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next)[\\/]/ },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": backend, "/healthz": backend } },
});
