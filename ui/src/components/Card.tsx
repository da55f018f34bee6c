import { useId, type ReactNode } from "react";

interface CardProps {
  title?: ReactNode;
  note?: ReactNode;
  extra?: ReactNode;
  id?: string;
  flush?: boolean;
  children: ReactNode;
}

/** One section of a page: title, what the figures are, and its controls. */
export function Card({ title, note, extra, id, flush = false, children }: CardProps) {
  const headingId = useId();
  return (
    <section className={flush ? "card card-flush" : "card"} id={id} aria-labelledby={title ? headingId : undefined}>
      {title && (
        <header className="card-head">
          <div className="row wrap grow">
            <h2 id={headingId}>{title}</h2>
            {note && <span className="small dim">{note}</span>}
          </div>
          {extra}
        </header>
      )}
      {children}
    </section>
  );
}
