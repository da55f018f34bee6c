import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/client";
import "./i18n";
import { makeRouter } from "./router";
import { ThemeProvider } from "./theme/ThemeProvider";
import "./theme/base.css";
import "./components/components.css";
import "./layout/layout.css";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: false, // the stream says when something changed
      // What the server refused stays refused; only an unreachable server is worth asking again.
      retry: (count, error) => error instanceof Problem && (error.status === 0 || error.status >= 502) && count < 2,
    },
  },
});

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <ThemeProvider>
          <RouterProvider router={makeRouter(client)} />
        </ThemeProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
