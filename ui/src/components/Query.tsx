import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Fault, FaultPage, Loading, LoadingPage } from "./states";

interface QueryProps<T> {
  result: UseQueryResult<T>;
  what: string;
  whole?: boolean;
  children: (data: T) => ReactNode;
}

/** Data, or its skeleton, or its fault. A failed refresh keeps the old data and says so above them. */
export function Query<T>({ result, what, whole = false, children }: QueryProps<T>) {
  const retry = () => void result.refetch();
  if (result.data === undefined) {
    if (result.error) {
      return whole ? (
        <FaultPage error={result.error} what={what} retry={retry} />
      ) : (
        <Fault error={result.error} what={what} retry={retry} />
      );
    }
    return whole ? <LoadingPage what={what} /> : <Loading what={what} />;
  }
  return (
    <>
      {result.error && <Fault error={result.error} what={what} retry={retry} />}
      {children(result.data)}
    </>
  );
}
