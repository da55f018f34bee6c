import { Button, Drawer, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface ReasonDrawerProps {
  open: boolean;
  title: string;
  label: string;
  action: string;
  required?: boolean;
  busy?: boolean;
  testId?: string;
  children?: ReactNode;
  onClose: () => void;
  onDone: (reason: string) => void;
}

/** A short form beside the page: what will happen, and why one does it. */
export function ReasonDrawer(props: ReasonDrawerProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const missing = props.required === true && reason.trim() === "";
  return (
    <Drawer
      open={props.open}
      onClose={props.onClose}
      title={props.title}
      size={400}
      destroyOnHidden
      afterOpenChange={(open) => !open && setReason("")}
      closable={{ "aria-label": t("action.close_panel") }}
      footer={
        <div className="row">
          <Button
            type="primary"
            disabled={missing}
            loading={props.busy ?? false}
            data-testid={props.testId}
            onClick={() => props.onDone(reason.trim())}
          >
            {props.action}
          </Button>
          <Button onClick={props.onClose}>{t("action.cancel")}</Button>
        </div>
      }
    >
      <div className="stack">
        {props.children}
        <label className="stack tight">
          <span className="small mid">
            {props.label}
            {props.required ? "" : t("form.optional")}
          </span>
          <Input.TextArea autoFocus rows={4} value={reason} onChange={(event) => setReason(event.target.value)} />
        </label>
      </div>
    </Drawer>
  );
}
