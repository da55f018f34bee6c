// Made from the server's OpenAPI document by scripts/api-types.mjs. Do not edit.
export interface paths {
    "/api/v1/approvals/{task_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Let the critical step proceed, under the caller's name.
         */
        post: operations["approve_api_v1_approvals__task_id__approve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{task_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject
         * @description Do not let it proceed; a reason is owed.
         */
        post: operations["reject_api_v1_approvals__task_id__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Audit
         * @description Who did what when, newest first; without the words about incidents that the caller is not shown.
         */
        get: operations["audit_api_v1_audit_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Definitions
         * @description The live versions, by kind and name.
         */
        get: operations["definitions_api_v1_definitions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/{kind}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Definition
         * @description One definition: its body, the same as YAML, and the hash that an edit of it names as its parent.
         */
        get: operations["definition_api_v1_definitions__kind___name__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/{kind}/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Versions
         * @description Who changed what, when: every version with how it differs from the one before, newest first.
         */
        get: operations["versions_api_v1_definitions__kind___name__versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check Definitions
         * @description What is wrong with these definitions among the live ones, every issue at once. Asks no source.
         */
        post: operations["check_definitions_api_v1_definitions_check_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plan Definitions
         * @description What publishing these would mean, in words, and whether the caller may. Changes nothing.
         */
        post: operations["plan_definitions_api_v1_definitions_plan_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview
         * @description What `metric` would read if these were published: the last 14 days, from the source, now. Keeps nothing.
         *
         *     Who may not publish them may not read by them either, and sees no more rows than after publishing.
         */
        post: operations["preview_api_v1_definitions_preview_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definitions/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Definitions
         * @description Make these live, all or none; a conflict, with what was changed, where a `parent` is not the newest version.
         */
        post: operations["publish_definitions_api_v1_definitions_publish_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events
         * @description `change` {"kind", "id"} (id "": many of that kind), and `clock` (a Stamp) every five seconds as a heartbeat.
         *
         *     Ends when the log-in ends or the server stops.
         */
        get: operations["events_api_v1_events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Incidents
         * @description Incidents, newest first. `state`: active (not ended), all, or states with commas; `owner`: an id, or me.
         */
        get: operations["incidents_api_v1_incidents_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Incident
         * @description Everything about one incident.
         */
        get: operations["incident_api_v1_incidents__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Data
         * @description Take the data as they are; a reason is owed. For whoever answers for the dataset, and administrators.
         */
        post: operations["accept_data_api_v1_incidents__id__accept_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Acknowledge Incident
         * @description Say that somebody has seen it. Does not change its owner.
         */
        post: operations["acknowledge_incident_api_v1_incidents__id__acknowledge_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Assign Incident
         * @description Hand it to somebody else. Neither acknowledges it nor resets its targets.
         */
        post: operations["assign_incident_api_v1_incidents__id__assign_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close Incident
         * @description End it.
         */
        post: operations["close_incident_api_v1_incidents__id__close_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/comment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Comment Incident
         * @description Add a line of one's own to the timeline.
         */
        post: operations["comment_incident_api_v1_incidents__id__comment_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/label-preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Label Preview
         * @description What a label would do, before it is given.
         */
        get: operations["label_preview_api_v1_incidents__id__label_preview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add Label
         * @description Label the incident's span; a second label on the same incident replaces the first.
         */
        post: operations["add_label_api_v1_incidents__id__labels_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reopen Incident
         * @description Say that it is not over; a reason is owed.
         */
        post: operations["reopen_incident_api_v1_incidents__id__reopen_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolve Incident
         * @description Say that it is mended; the data decide whether it is.
         */
        post: operations["resolve_incident_api_v1_incidents__id__resolve_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Review
         * @description The review of an incident; there is none before its recovery is verified.
         */
        get: operations["review_api_v1_incidents__id__review_get"];
        /**
         * Save Review
         * @description Keep cause and lesson without publishing them.
         */
        put: operations["save_review_api_v1_incidents__id__review_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/review/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish Review
         * @description Finish the review: it becomes knowledge, and the incident may close.
         */
        post: operations["publish_review_api_v1_incidents__id__review_publish_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/incidents/{id}/take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take Incident
         * @description Own it from now on.
         */
        post: operations["take_incident_api_v1_incidents__id__take_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Knowledge
         * @description Published reviews, newest first.
         */
        get: operations["knowledge_api_v1_knowledge_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/labels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Withdraw Label
         * @description Take a label back: its effect ends, the record stays.
         */
        delete: operations["withdraw_label_api_v1_labels__id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/loop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Loop
         * @description How many are where, what is stuck, what is off its path, how healthy the loop is.
         */
        get: operations["loop_api_v1_loop_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/loop/clock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Clock
         * @description How fast the demo's clock goes, in seconds per second; there is no such thing where the clock is live.
         */
        put: operations["set_clock_api_v1_loop_clock_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/loop/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Mode
         * @description Switch the whole site; it holds from the next step of every run on. A reason is owed.
         */
        put: operations["set_mode_api_v1_loop_mode_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description The catalogue, with each total's newest value; `q` finds names, labels, synonyms, descriptions, best first.
         */
        get: operations["metrics_api_v1_metrics_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metric
         * @description One metric: what it is in words and as written, how it stands, its versions and monitors.
         */
        get: operations["metric_api_v1_metrics__name__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/lineage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metric Lineage
         * @description What it is made of, down to columns, and what stands on it, up to playbooks.
         */
        get: operations["metric_lineage_api_v1_metrics__name__lineage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Query
         * @description The metric from its sources, now: the last 14 days by default. `format`: json, csv, or the sql that is sent.
         */
        get: operations["query_api_v1_metrics__name__query_get"];
        put?: never;
        /**
         * Ask
         * @description The same with the question in the body, for long predicates.
         */
        post: operations["ask_api_v1_metrics__name__query_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/series": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Series
         * @description Points and bands of one slice. Without a range: the last 14 days by the hour, the last 120 by the day.
         *
         *     `known_at`: the points as they were known then, without what came late or was put right later.
         */
        get: operations["series_api_v1_metrics__name__series_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/slices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Slices
         * @description The metric by one dimension at its newest bucket, worst first.
         */
        get: operations["slices_api_v1_metrics__name__slices_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tree
         * @description What drives the metric, level by level: values now and before, and by how much each formula misses its metric.
         */
        get: operations["tree_api_v1_metrics__name__tree_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metric Versions
         * @description Who changed what, when: every version with how it differs from the one before, newest first.
         */
        get: operations["metric_versions_api_v1_metrics__name__versions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Monitors
         * @description All monitors, by name.
         */
        get: operations["monitors_api_v1_monitors_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitors/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Monitor
         * @description One monitor with its versions and the proposals to change it.
         */
        get: operations["monitor_api_v1_monitors__name__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Notifications
         * @description What was sent, newest first, with each attempt's outcome.
         */
        get: operations["notifications_api_v1_notifications_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People
         * @description Everybody, with roles, contacts, and what they answer for.
         */
        get: operations["people_api_v1_people_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Push
         * @description Keep a batch; sending it again changes nothing. 200: all is kept. 207: a part is, and `refused` says which items
         *     are not and why. 422: nothing is. 413: too many items for one request.
         */
        post: operations["push_api_v1_points_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Proposals
         * @description Open ones first, each newest first.
         */
        get: operations["proposals_api_v1_proposals_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Proposal
         * @description One proposal with its backtest.
         */
        get: operations["proposal_api_v1_proposals__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Proposal
         * @description Say yes: the monitor gets a new version.
         */
        post: operations["accept_proposal_api_v1_proposals__id__accept_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/proposals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject Proposal
         * @description Say no: the rule stays as it is.
         */
        post: operations["reject_proposal_api_v1_proposals__id__reject_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Runs
         * @description Runs under way, the longest waiting first, then those that ended last; at most 100 of each.
         */
        get: operations["runs_api_v1_runs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Run
         * @description One run with its steps.
         */
        get: operations["run_api_v1_runs__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/control": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Control Run
         * @description Pause, resume, skip, retry, abort, or change the mode; it holds from the next step on.
         */
        post: operations["control_run_api_v1_runs__id__control_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session
         * @description Who is logged in; 401 where nobody is.
         */
        get: operations["get_session_api_v1_session_get"];
        put?: never;
        /**
         * Login
         * @description Log in by name and password. After three failures each further one makes the next wait longer (429).
         */
        post: operations["login_api_v1_session_post"];
        /**
         * Logout
         * @description End the session. Does no harm where there is none.
         */
        delete: operations["logout_api_v1_session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/language": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set Language
         * @description The language in which this person reads pages and gets messages.
         */
        put: operations["set_language_api_v1_session_language_put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Login By Link
         * @description Log in by a printed link: once, within 15 minutes, and only from the computer the server runs on.
         */
        post: operations["login_by_link_api_v1_session_link_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Forms
         * @description Databases that can be added, and the fields of each.
         */
        get: operations["forms_api_v1_setup_forms_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview
         * @description The last numbers of these metrics as they will be collected, before anything is published.
         */
        post: operations["preview_api_v1_setup_preview_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try Source
         * @description Test a connection. What was typed as a secret is kept on the server, in a file that only it reads.
         */
        post: operations["try_source_api_v1_setup_sources_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/suggest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suggest
         * @description First definitions for a table, each with its reason. They propose; a person decides.
         */
        post: operations["suggest_api_v1_setup_suggest_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/setup/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload
         * @description Keep a file, of at most 100 MB, on the server. What it is, is told by its content and not by its name.
         */
        post: operations["upload_api_v1_setup_uploads_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sources
         * @description Where data come from, and whether they arrive in time.
         */
        get: operations["sources_api_v1_sources_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Source
         * @description One source: its health, its datasets, and how it is written.
         */
        get: operations["source_api_v1_sources__name__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Source Columns
         * @description The columns of one table with their types, in the source's own words.
         */
        get: operations["source_columns_api_v1_sources__name__columns_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/set-aside": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Set Aside
         * @description Messages of a source that could not be understood, the newest first. None is ever dropped.
         */
        get: operations["set_aside_api_v1_sources__name__set_aside_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/{name}/tables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Source Tables
         * @description What it has to read from, asked of the source itself; none where its plugin cannot tell.
         */
        get: operations["source_tables_api_v1_sources__name__tables_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sources/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Source
         * @description Open a source as it would be defined, ask what it has, and close it again. Nothing is kept.
         */
        post: operations["test_source_api_v1_sources_test_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tasks
         * @description Tasks, approvals and reviews by due time; `mine`: those the caller owes.
         */
        get: operations["tasks_api_v1_tasks_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Task
         * @description One task with its form; for an approval what will be done and how it is taken back.
         */
        get: operations["task_api_v1_tasks__id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete Task
         * @description Say that it is done, with the answers its form asks for.
         */
        post: operations["complete_task_api_v1_tasks__id__complete_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Teams
         * @description Teams that people name as theirs, and those that are defined.
         */
        get: operations["teams_api_v1_teams_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Tokens
         * @description The caller's own tokens; their secrets are not kept.
         */
        get: operations["list_tokens_api_v1_tokens_get"];
        put?: never;
        /**
         * Make Token
         * @description A new token with some of the caller's roles. The secret is in this answer and nowhere else.
         */
        post: operations["make_token_api_v1_tokens_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete Token
         * @description Make a token worthless: one's own; an administrator anybody's.
         */
        delete: operations["delete_token_api_v1_tokens__id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Healthz
         * @description Needs no log-in, and says nothing about data. 503 while the loop stands still, with the kind of trouble; what it
         *     is in words stands in the log and on the pages of who is logged in.
         */
        get: operations["healthz_healthz_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Actor
         * @description Who did something: a person, or the system itself.
         */
        Actor: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "person" | "system";
            person?: components["schemas"]["PersonRef"] | null;
        };
        /** AnomalyRow */
        AnomalyRow: {
            /** Ended At */
            ended_at: string | null;
            /** Grain */
            grain: string;
            /** Id */
            id: string;
            /** Metric */
            metric: string;
            /** Monitor */
            monitor: string;
            /** Monitor Version */
            monitor_version: number;
            /** Peak Score */
            peak_score: number;
            /** Points */
            points: number;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "ended";
        };
        /**
         * AnswerRow
         * @description One bucket of one slice: its begin and end in the metric's zone. value: null where nobody can tell.
         *
         *     numerator and denominator are those of a ratio, else null.
         */
        AnswerRow: {
            /**
             * Bucket
             * Format: date-time
             */
            bucket: string;
            /** Denominator */
            denominator?: number | null;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Numerator */
            numerator?: number | null;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Value */
            value: number | null;
        };
        /** AssignBody */
        AssignBody: {
            /**
             * Note
             * @default
             */
            note: string;
            /** Person */
            person: string;
        };
        /** AttributionView */
        AttributionView: {
            /** Actual */
            actual: number;
            /** By Dimension */
            by_dimension: {
                [key: string]: components["schemas"]["Contribution"][];
            };
            /** Contributions */
            contributions: components["schemas"]["Contribution"][];
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Expected */
            expected: number;
            /** Localisable */
            localisable: boolean;
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Root Causes */
            root_causes: components["schemas"]["RootCause"][];
            /**
             * Start
             * Format: date-time
             */
            start: string;
            text: components["schemas"]["Message"];
            /** Total */
            total: number;
            /** Unit */
            unit: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "local" | "mix" | "global" | "none";
        };
        /** AuditRow */
        AuditRow: {
            /** Action */
            action: string;
            /** Actor */
            actor: string;
            /** After */
            after: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Before */
            before: string | null;
            /** Hash */
            hash: string;
            /** Sequence */
            sequence: number;
            /** Subject Id */
            subject_id: string;
            /** Subject Kind */
            subject_kind: string;
        };
        /** BacktestEvent */
        BacktestEvent: {
            /** After */
            after: boolean;
            /** Before */
            before: boolean;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Incident Id */
            incident_id: number | null;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "true" | "false_alarm" | "expected" | "new_normal" | "missed" | "unlabelled";
        };
        /** BacktestPoint */
        BacktestPoint: {
            /** Expected */
            expected: number | null;
            /** Lower After */
            lower_after: number | null;
            /** Lower Before */
            lower_before: number | null;
            /**
             * T
             * Format: date-time
             */
            t: string;
            /** Upper After */
            upper_after: number | null;
            /** Upper Before */
            upper_before: number | null;
            /** Value */
            value: number | null;
        };
        /** BacktestSide */
        BacktestSide: {
            /** Alarms */
            alarms: number;
            /** Alarms Per Week */
            alarms_per_week: number;
            /** Caught */
            caught: number;
            /** False */
            false: number;
            /** Missed */
            missed: number;
        };
        /** ChangeRow */
        ChangeRow: {
            /**
             * Change
             * @enum {string}
             */
            change: "added" | "changed" | "removed";
            /** Differences */
            differences: components["schemas"]["DifferenceRow"][];
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Means */
            means: components["schemas"]["Message"][];
            moved: components["schemas"]["MovedRow"] | null;
            /** Name */
            name: string;
            /** Publishers */
            publishers: components["schemas"]["PersonRef"][];
            /** Recomputed */
            recomputed: string[];
            refused: components["schemas"]["Message"] | null;
            /** Says */
            says: components["schemas"]["Message"][];
        };
        /**
         * CheckAnswer
         * @description definitions: those that could be read, wrong or not.
         */
        CheckAnswer: {
            /** Definitions */
            definitions: components["schemas"]["WrittenRow"][];
            /** Issues */
            issues: components["schemas"]["IssueRow"][];
        };
        /** ClockBody */
        ClockBody: {
            /** Speed */
            speed: number;
        };
        /** ColumnRow */
        ColumnRow: {
            /** Name */
            name: string;
            /** Type */
            type: string;
        };
        /** ColumnsAnswer */
        ColumnsAnswer: {
            /** Columns */
            columns: components["schemas"]["ColumnRow"][];
            /** Table */
            table: string;
        };
        /** CompleteBody */
        CompleteBody: {
            /**
             * Answer
             * @default {}
             */
            answer: {
                [key: string]: string | number | boolean;
            };
            /**
             * Note
             * @default
             */
            note: string;
        };
        /** Contact */
        Contact: {
            /** Address */
            address: string;
            /** Channel */
            channel: string;
            /** Verified */
            verified: boolean;
        };
        /** Contribution */
        Contribution: {
            /** Actual */
            actual?: number | null;
            /** Expected */
            expected?: number | null;
            /** Mix */
            mix?: number | null;
            /** Rate */
            rate?: number | null;
            /** Share */
            share?: number | null;
            /** Slice */
            slice: {
                [key: string]: string;
            } | null;
            /** Value */
            value: number;
        };
        /**
         * DatasetRow
         * @description How far one dataset has been collected, what failed, and what is known about the quality of its data.
         *
         *     held: the finding that keeps its metrics from being judged, since held_since. notes: findings that hold nothing up.
         *     columns: those in use, as they were last. restated: how often stored history was put right. reconciled_at: when all
         *     recent history was last compared with the source.
         */
        DatasetRow: {
            /** Collected Until */
            collected_until: string | null;
            /** Columns */
            columns: components["schemas"]["ColumnRow"][];
            /** Dimensions */
            dimensions: string[];
            /** Failed Since */
            failed_since: string | null;
            /** Grain */
            grain: string;
            held: components["schemas"]["Message"] | null;
            /** Held Since */
            held_since: string | null;
            label: components["schemas"]["LocalText"];
            last_error: components["schemas"]["Message"] | null;
            /** Last Run At */
            last_run_at: string | null;
            /** Lateness S */
            lateness_s: number;
            /** Metrics */
            metrics: string[];
            /** Name */
            name: string;
            /** Newest At */
            newest_at: string | null;
            /** Notes */
            notes: components["schemas"]["Message"][];
            /** On Time */
            on_time: boolean;
            owner: components["schemas"]["PersonRef"] | null;
            /** Reconciled At */
            reconciled_at: string | null;
            /** Restated */
            restated: number;
            /** Sql */
            sql: string | null;
            /** Table */
            table: string | null;
            /** Time Column */
            time_column: string;
            /** Timezone */
            timezone: string;
        };
        /**
         * DefinitionPage
         * @description `hash` is what the next edit sends as its parent. may_publish: the caller, a change that is not a special one.
         */
        DefinitionPage: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Body */
            body: {
                [key: string]: unknown;
            };
            by: components["schemas"]["Actor"];
            /** Hash */
            hash: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** May Publish */
            may_publish: boolean;
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "ui" | "proposal" | "import";
            /** Publishers */
            publishers: components["schemas"]["PersonRef"][];
            /** Version */
            version: number;
            /** Yaml */
            yaml: string;
        };
        /** DefinitionRow */
        DefinitionRow: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            by: components["schemas"]["Actor"];
            /** Hash */
            hash: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "ui" | "proposal" | "import";
            /** Version */
            version: number;
        };
        /** DeliveryRow */
        DeliveryRow: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "accepted" | "delivered" | "read" | "failed";
            /** Provider Code */
            provider_code: string;
            /** Provider Message */
            provider_message: string;
        };
        /**
         * DifferenceRow
         * @description One value that differs, as JSON text; None: it is not there.
         */
        DifferenceRow: {
            /** After */
            after: string | null;
            /** Before */
            before: string | null;
            /** Path */
            path: string;
        };
        /** DimensionRow */
        DimensionRow: {
            label: components["schemas"]["LocalText"];
            /** Name */
            name: string;
            /** Synonyms */
            synonyms: {
                [key: string]: string[];
            };
        };
        /**
         * EdgeRow
         * @description An arrow the way the data go: from what is read to what is made of it.
         */
        EdgeRow: {
            /** End */
            end: string;
            /**
             * Relation
             * @enum {string}
             */
            relation: "read" | "counted" | "filtered" | "split" | "part" | "drives" | "watched" | "handled";
            /** Start */
            start: string;
        };
        /**
         * EditBody
         * @description One definition as it is to be: `body`, or its YAML, or `remove`. `parent`: the hash it was made from.
         */
        EditBody: {
            /** Body */
            body?: {
                [key: string]: unknown;
            } | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Name */
            name?: string | null;
            /** Parent */
            parent?: string | null;
            /**
             * Remove
             * @default false
             */
            remove: boolean;
            /** Yaml */
            yaml?: string | null;
        };
        /** EditsBody */
        EditsBody: {
            /** Edits */
            edits: components["schemas"]["EditBody"][];
        };
        /** FieldChange */
        FieldChange: {
            /** After */
            after: string;
            /** Before */
            before: string;
            /** Path */
            path: string;
        };
        /**
         * FirstNumbers
         * @description The last buckets of each metric among the edits; null where there are no data. With issues nothing is asked.
         */
        FirstNumbers: {
            /** Issues */
            issues: components["schemas"]["IssueRow"][];
            /** Numbers */
            numbers: {
                [key: string]: components["schemas"]["MetricAnswer"] | null;
            };
        };
        /** FirstNumbersBody */
        FirstNumbersBody: {
            /** Edits */
            edits: components["schemas"]["EditBody"][];
        };
        /** FormField */
        FormField: {
            label: components["schemas"]["LocalText"];
            /** Name */
            name: string;
            /**
             * Options
             * @default []
             */
            options: string[];
            /** Required */
            required: boolean;
            /**
             * Type
             * @enum {string}
             */
            type: "text" | "choice" | "boolean" | "number";
        };
        /**
         * FormFieldRow
         * @description One plain option. A secret is typed once, kept outside of every definition, and referred to from then on.
         */
        FormFieldRow: {
            /** Choices */
            choices: string[];
            /** Default */
            default: string | number | boolean | null;
            /** Description */
            description: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "number" | "yes_no" | "choice" | "secret";
            /** Name */
            name: string;
            /** Required */
            required: boolean;
        };
        /** HealthRow */
        HealthRow: {
            /**
             * Code
             * @enum {string}
             */
            code: "time_to_detect" | "time_to_acknowledge" | "time_to_first_action" | "time_to_verify" | "false_alarm_share" | "reopen_share";
            /** Previous */
            previous: number | null;
            /** Target */
            target: number;
            /** Value */
            value: number | null;
        };
        /** IncidentList */
        IncidentList: {
            /** Items */
            items: components["schemas"]["IncidentRow"][];
            /** Total */
            total: number;
        };
        /** IncidentPage */
        IncidentPage: {
            /** Acknowledge Due At */
            acknowledge_due_at: string | null;
            /** Actions */
            actions: ("acknowledge" | "take" | "assign" | "resolve" | "reopen" | "close" | "comment" | "label" | "accept")[];
            /** Age S */
            age_s: number;
            /** Anomalies */
            anomalies: components["schemas"]["AnomalyRow"][];
            assignment_reason: components["schemas"]["Message"] | null;
            attribution: components["schemas"]["AttributionView"] | null;
            /** Closed At */
            closed_at: string | null;
            /** Data Until */
            data_until: string | null;
            /** Dataset */
            dataset: string | null;
            dataset_label: components["schemas"]["LocalText"] | null;
            /** Ended At */
            ended_at: string | null;
            /** Grain */
            grain: string;
            headline: components["schemas"]["Message"];
            /** Id */
            id: number;
            /** Impact */
            impact: number | null;
            /** Impact Unit */
            impact_unit: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "business" | "data";
            /** Labels */
            labels: components["schemas"]["LabelRow"][];
            /** Localisable */
            localisable: boolean | null;
            /** Metric */
            metric: string;
            metric_label: components["schemas"]["LocalText"];
            /** Metric Version */
            metric_version: number;
            /** Metrics */
            metrics: string[];
            /** Monitor */
            monitor: string;
            /** Monitor Version */
            monitor_version: number;
            next: components["schemas"]["Message"] | null;
            /** Notifications */
            notifications: components["schemas"]["NotificationRow"][];
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            owner: components["schemas"]["PersonRef"] | null;
            /** Resolve Due At */
            resolve_due_at: string | null;
            review: components["schemas"]["ReviewPage"] | null;
            /** Root Causes */
            root_causes: components["schemas"]["RootCause"][];
            run: components["schemas"]["RunRow"] | null;
            /**
             * Severity
             * @enum {string}
             */
            severity: "S1" | "S2" | "S3" | "S4";
            /** Similar */
            similar: components["schemas"]["SimilarRow"][];
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Source */
            source: string | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "acknowledged" | "in_progress" | "resolved" | "verified" | "closed" | "reopened" | "merged" | "false_alarm" | "expected";
            /** Stuck */
            stuck: boolean;
            /** Target S */
            target_s: number | null;
            /** Tasks */
            tasks: components["schemas"]["TaskRow"][];
            /** Timeline */
            timeline: components["schemas"]["TimelineRow"][];
            /** Timezone */
            timezone: string;
            /** Unit */
            unit: string;
            /** Verdict */
            verdict: ("local" | "mix" | "global" | "none") | null;
            verification: components["schemas"]["Verification"] | null;
        };
        /**
         * IncidentRow
         * @description kind: a metric that left its path, or data that are not fit to be judged. A data incident has no `metric` ("");
         *     it is about `dataset`, and `metrics` are those that cannot be judged meanwhile.
         */
        IncidentRow: {
            /** Age S */
            age_s: number;
            /** Closed At */
            closed_at: string | null;
            /** Dataset */
            dataset: string | null;
            dataset_label: components["schemas"]["LocalText"] | null;
            /** Ended At */
            ended_at: string | null;
            /** Grain */
            grain: string;
            headline: components["schemas"]["Message"];
            /** Id */
            id: number;
            /** Impact */
            impact: number | null;
            /** Impact Unit */
            impact_unit: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "business" | "data";
            /** Localisable */
            localisable: boolean | null;
            /** Metric */
            metric: string;
            metric_label: components["schemas"]["LocalText"];
            /** Metrics */
            metrics: string[];
            next: components["schemas"]["Message"] | null;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            owner: components["schemas"]["PersonRef"] | null;
            /** Root Causes */
            root_causes: components["schemas"]["RootCause"][];
            /**
             * Severity
             * @enum {string}
             */
            severity: "S1" | "S2" | "S3" | "S4";
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Source */
            source: string | null;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "acknowledged" | "in_progress" | "resolved" | "verified" | "closed" | "reopened" | "merged" | "false_alarm" | "expected";
            /** Stuck */
            stuck: boolean;
            /** Target S */
            target_s: number | null;
            /** Unit */
            unit: string;
            /** Verdict */
            verdict: ("local" | "mix" | "global" | "none") | null;
        };
        /**
         * InputRow
         * @description One metric that a derived one reckons with.
         */
        InputRow: {
            /** Alias */
            alias: string;
            /** Filter */
            filter: string | null;
            label: components["schemas"]["LocalText"];
            /** Metric */
            metric: string;
            /** Offset */
            offset: string | null;
            /** Offset To Grain */
            offset_to_grain: string | null;
        };
        /**
         * IssueRow
         * @description In English, as the command line says it. `path` is that of the key in the body: governance.owner.
         */
        IssueRow: {
            /** Fix */
            fix: string;
            /** Kind */
            kind: ("project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel") | null;
            /** Line */
            line: number | null;
            /** Name */
            name: string;
            /** Path */
            path: string;
            /** Problem */
            problem: string;
        };
        /** LabelBody */
        LabelBody: {
            /**
             * Note
             * @default
             */
            note: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "true" | "false_alarm" | "expected" | "new_normal" | "missed";
        };
        /** LabelPreview */
        LabelPreview: {
            /** Effects */
            effects: components["schemas"]["Message"][];
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "true" | "false_alarm" | "expected" | "new_normal" | "missed";
        };
        /** LabelRow */
        LabelRow: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            by: components["schemas"]["PersonRef"];
            /** Effects */
            effects: components["schemas"]["Message"][];
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Id */
            id: string;
            /** Note */
            note: string;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * Verdict
             * @enum {string}
             */
            verdict: "true" | "false_alarm" | "expected" | "new_normal" | "missed";
            /** Withdrawn At */
            withdrawn_at: string | null;
        };
        /** LanguageBody */
        LanguageBody: {
            /**
             * Language
             * @enum {string}
             */
            language: "zh" | "en";
        };
        /** LineagePage */
        LineagePage: {
            /** Edges */
            edges: components["schemas"]["EdgeRow"][];
            /** Metric */
            metric: string;
            /** Nodes */
            nodes: components["schemas"]["NodeRow"][];
        };
        /**
         * LocalText
         * @description A text that the project's authors wrote; either language may be missing.
         */
        LocalText: {
            /** En */
            en?: string | null;
            /** Zh */
            zh?: string | null;
        };
        /** LoginBody */
        LoginBody: {
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * LoginLinkBody
         * @description The secret of a log-in link; it works once and only from this computer.
         */
        LoginLinkBody: {
            /** Link */
            link: string;
        };
        /** LoopOverview */
        LoopOverview: {
            clock: components["schemas"]["Stamp"];
            /** Closed 24H */
            closed_24h: number;
            /** Closed Share 30D */
            closed_share_30d: number | null;
            /** Data Until */
            data_until: string | null;
            /** Health */
            health: components["schemas"]["HealthRow"][];
            /** Incidents Open */
            incidents_open: number;
            /** Metrics Total */
            metrics_total: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "manual" | "assisted" | "automatic";
            /** My Tasks */
            my_tasks: components["schemas"]["TaskRow"][];
            /** Off Path */
            off_path: components["schemas"]["OffPathRow"][];
            /** Opened 24H */
            opened_24h: number;
            /** Stations */
            stations: components["schemas"]["StationRow"][];
            /** Stuck */
            stuck: components["schemas"]["StuckRow"][];
            trouble: components["schemas"]["TroubleRow"] | null;
        };
        /** Me */
        Me: {
            /** Id */
            id: string;
            /**
             * Language
             * @enum {string}
             */
            language: "zh" | "en";
            /** Name */
            name: string;
            /** Permissions */
            permissions: string[];
            /** Roles */
            roles: ("viewer" | "responder" | "owner" | "steward" | "administrator" | "auditor")[];
            /** Timezone */
            timezone: string;
        };
        /**
         * Message
         * @description A message code and its parameters; `docs/reference/messages.md` lists every code.
         */
        Message: {
            /** Code */
            code: string;
            /**
             * Params
             * @default {}
             */
            params: {
                [key: string]: string | number | boolean | string[] | {
                    [key: string]: string;
                } | null;
            };
        };
        /**
         * MetricAnswer
         * @description Rows by bucket, then by dimension values in the order of `by`.
         */
        MetricAnswer: {
            /** By */
            by: string[];
            /** Currency */
            currency: string | null;
            /** Grain */
            grain: string;
            /** Metric */
            metric: string;
            /** Rows */
            rows: components["schemas"]["AnswerRow"][];
            /** Timezone */
            timezone: string;
            /** Unit */
            unit: string;
        };
        /** MetricPage */
        MetricPage: {
            /**
             * Access
             * @enum {string}
             */
            access: "all" | "rows" | "none";
            /** At */
            at: string | null;
            /** Collected Until */
            collected_until: string | null;
            /** Dataset */
            dataset: string;
            /** Definition */
            definition: string;
            description: components["schemas"]["LocalText"];
            /** Dimension Rows */
            dimension_rows: components["schemas"]["DimensionRow"][];
            /** Dimensions */
            dimensions: string[];
            /** Drivers */
            drivers: string | null;
            /** Expected */
            expected: number | null;
            /** Expr */
            expr: string | null;
            formula: components["schemas"]["LocalText"];
            /**
             * Good Direction
             * @enum {string}
             */
            good_direction: "up" | "down" | "none";
            /** Grains */
            grains: ("hour" | "day" | "week" | "month" | "quarter" | "year")[];
            /** Hash */
            hash: string;
            /** Incidents Open */
            incidents_open: number;
            /** Inputs */
            inputs: components["schemas"]["InputRow"][];
            label: components["schemas"]["LocalText"];
            /** Lateness S */
            lateness_s: number;
            /** Level */
            level: string;
            /** May Publish */
            may_publish: boolean;
            /** Monitors */
            monitors: components["schemas"]["MonitorRow"][];
            /** Name */
            name: string;
            /** Notices */
            notices: components["schemas"]["Message"][];
            owner: components["schemas"]["PersonRef"] | null;
            /** Parts */
            parts: components["schemas"]["PartRow"][];
            /** Publishers */
            publishers: components["schemas"]["PersonRef"][];
            /** Rereading */
            rereading: boolean;
            /** Rows */
            rows: {
                [key: string]: string[];
            }[];
            /** Source */
            source: string | null;
            /** Spark */
            spark: components["schemas"]["SparkPoint"][];
            /**
             * Status
             * @enum {string}
             */
            status: "draft" | "certified" | "deprecated";
            /** Successor */
            successor: string | null;
            /** Synonyms */
            synonyms: {
                [key: string]: string[];
            };
            /** Teams */
            teams: string[];
            /** Timezone */
            timezone: string;
            /**
             * Type
             * @enum {string}
             */
            type: "simple" | "ratio" | "derived" | "cumulative";
            /** Unit */
            unit: string;
            /** Value */
            value: number | null;
            /** Versions */
            versions: components["schemas"]["VersionRow"][];
            /** Words */
            words: components["schemas"]["Message"][];
        };
        /**
         * MetricRow
         * @description access: whether the caller sees its numbers, some of its rows alone, or none; then `value` is null.
         */
        MetricRow: {
            /**
             * Access
             * @enum {string}
             */
            access: "all" | "rows" | "none";
            /** At */
            at: string | null;
            /** Dataset */
            dataset: string;
            description: components["schemas"]["LocalText"];
            /** Expected */
            expected: number | null;
            /**
             * Good Direction
             * @enum {string}
             */
            good_direction: "up" | "down" | "none";
            /** Incidents Open */
            incidents_open: number;
            label: components["schemas"]["LocalText"];
            /** Level */
            level: string;
            /** Name */
            name: string;
            owner: components["schemas"]["PersonRef"] | null;
            /** Spark */
            spark: components["schemas"]["SparkPoint"][];
            /**
             * Status
             * @enum {string}
             */
            status: "draft" | "certified" | "deprecated";
            /** Successor */
            successor: string | null;
            /** Synonyms */
            synonyms: {
                [key: string]: string[];
            };
            /** Teams */
            teams: string[];
            /**
             * Type
             * @enum {string}
             */
            type: "simple" | "ratio" | "derived" | "cumulative";
            /** Unit */
            unit: string;
            /** Value */
            value: number | null;
        };
        /**
         * MetricTree
         * @description The tree of a metric at one grain: `bucket` is the newest whole one, `compared` the one before it that is like
         *     it (a week earlier for days and hours, the one before for longer grains).
         */
        MetricTree: {
            /**
             * Bucket
             * Format: date-time
             */
            bucket: string;
            /**
             * Compared
             * Format: date-time
             */
            compared: string;
            /** Grain */
            grain: string;
            root: components["schemas"]["TreeNode"];
            /** Timezone */
            timezone: string;
        };
        /** ModeBody */
        ModeBody: {
            /**
             * Mode
             * @enum {string}
             */
            mode: "manual" | "assisted" | "automatic";
            /** Reason */
            reason: string;
        };
        /** MonitorPage */
        MonitorPage: {
            /** Definition */
            definition: string;
            /** False Alarms */
            false_alarms: number;
            /**
             * Grain
             * @enum {string}
             */
            grain: "hour" | "day";
            /** Incidents Total */
            incidents_total: number;
            /** Metric */
            metric: string;
            /** Name */
            name: string;
            /** Notices */
            notices: components["schemas"]["Message"][];
            /** Proposals */
            proposals: string[];
            /** Severity */
            severity: string;
            /** Slices */
            slices: string[];
            /** Version */
            version: number;
            /** Versions */
            versions: components["schemas"]["VersionRow"][];
        };
        /** MonitorRow */
        MonitorRow: {
            /** False Alarms */
            false_alarms: number;
            /**
             * Grain
             * @enum {string}
             */
            grain: "hour" | "day";
            /** Incidents Total */
            incidents_total: number;
            /** Metric */
            metric: string;
            /** Name */
            name: string;
            /** Severity */
            severity: string;
            /** Slices */
            slices: string[];
            /** Version */
            version: number;
        };
        /**
         * MovedRow
         * @description The newest version, which the edit has not seen, and what it changed.
         */
        MovedRow: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            by: components["schemas"]["Actor"];
            /** Differences */
            differences: components["schemas"]["DifferenceRow"][];
            /** Hash */
            hash: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "ui" | "proposal" | "import";
            /** Version */
            version: number;
        };
        /** NewToken */
        NewToken: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Roles */
            roles: ("viewer" | "responder" | "owner" | "steward" | "administrator" | "auditor")[];
            /** Secret */
            secret: string;
            /** Sources */
            sources?: string[] | null;
        };
        /** NodeRow */
        NodeRow: {
            /** Id */
            id: string;
            label: components["schemas"]["LocalText"];
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "source" | "dataset" | "column" | "measure" | "metric" | "monitor" | "playbook";
        };
        /** NoteBody */
        NoteBody: {
            /**
             * Note
             * @default
             */
            note: string;
        };
        /** NotificationRow */
        NotificationRow: {
            /** Attempts */
            attempts: components["schemas"]["DeliveryRow"][];
            /** Channel */
            channel: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /** Incident Id */
            incident_id: number | null;
            message: components["schemas"]["Message"];
            person: components["schemas"]["PersonRef"];
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "accepted" | "delivered" | "read" | "failed";
        };
        /** OffPathRow */
        OffPathRow: {
            /** Better */
            better: boolean | null;
            /** Difference */
            difference: number | null;
            /** Expected */
            expected: number | null;
            /** Grain */
            grain: string;
            /** Incident Id */
            incident_id: number | null;
            /** Incident State */
            incident_state: string | null;
            label: components["schemas"]["LocalText"];
            /** Metric */
            metric: string;
            owner: components["schemas"]["PersonRef"] | null;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Spark */
            spark: components["schemas"]["SparkPoint"][];
            /** Unit */
            unit: string;
            /** Value */
            value: number | null;
        };
        /**
         * PartRow
         * @description One measure that the metric is made of, as SQL would write it.
         */
        PartRow: {
            /** Agg */
            agg: string;
            /** Expr */
            expr: string;
            /** Filter */
            filter: string | null;
            /** Measure */
            measure: string;
            /** Percentile */
            percentile: number | null;
        };
        /**
         * PersonRef
         * @description Who. `scripted` marks a responder that the demo plays; it is shown as such everywhere.
         */
        PersonRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Scripted
             * @default false
             */
            scripted: boolean;
        };
        /** PersonRow */
        PersonRow: {
            /** Contacts */
            contacts: components["schemas"]["Contact"][];
            /** Id */
            id: string;
            /**
             * Language
             * @enum {string}
             */
            language: "zh" | "en";
            /** Name */
            name: string;
            /** Open Incidents */
            open_incidents: number;
            /** Owns */
            owns: {
                [key: string]: string;
            }[];
            /** Roles */
            roles: ("viewer" | "responder" | "owner" | "steward" | "administrator" | "auditor")[];
            /** Scripted */
            scripted: boolean;
            /** Teams */
            teams: string[];
        };
        /**
         * PlanAnswer
         * @description With issues nothing is planned.
         */
        PlanAnswer: {
            /** Changes */
            changes: components["schemas"]["ChangeRow"][];
            /** Issues */
            issues: components["schemas"]["IssueRow"][];
        };
        /**
         * PointsAnswer
         * @description How many records are kept now; a record that was there already counts, for it is kept.
         */
        PointsAnswer: {
            /** Accepted */
            accepted: number;
            /**
             * Refused
             * @default []
             */
            refused: components["schemas"]["RefusedItem"][];
        };
        /**
         * PointsBody
         * @description Items for one table of one source: records as the table's columns say, or points (`at`, `value`, dimensions).
         */
        PointsBody: {
            /** Items */
            items: {
                [key: string]: unknown;
            }[];
            /** Source */
            source: string;
            /** Table */
            table: string;
        };
        /**
         * PreviewAnswer
         * @description numbers: null with issues, or where the source did not answer: then `problem` and `fix` are its own words.
         */
        PreviewAnswer: {
            /**
             * Fix
             * @default
             */
            fix: string;
            /**
             * Issues
             * @default []
             */
            issues: components["schemas"]["IssueRow"][];
            numbers?: components["schemas"]["MetricAnswer"] | null;
            /**
             * Problem
             * @default
             */
            problem: string;
            /**
             * Sql
             * @default []
             */
            sql: string[];
        };
        /**
         * PreviewBody
         * @description Definitions as they would be, and the metric among them whose numbers are wanted.
         */
        PreviewBody: {
            /** Edits */
            edits: components["schemas"]["EditBody"][];
            /** Grain */
            grain?: string | null;
            /** Metric */
            metric: string;
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable and documented; `detail` is English and for people.
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Fix
             * @default null
             */
            fix: string | null;
            /**
             * Issues
             * @default []
             */
            issues: components["schemas"]["ProblemIssue"][];
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
        };
        /**
         * ProblemIssue
         * @description One thing that is wrong, and where.
         */
        ProblemIssue: {
            /**
             * Fix
             * @default
             */
            fix: string;
            /** Problem */
            problem: string;
            /** Where */
            where: string;
        };
        /** ProposalPage */
        ProposalPage: {
            after: components["schemas"]["BacktestSide"];
            before: components["schemas"]["BacktestSide"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Decided At */
            decided_at: string | null;
            decided_by: components["schemas"]["Actor"] | null;
            /** Decision Reason */
            decision_reason: string;
            /** Definition After */
            definition_after: string;
            /** Definition Before */
            definition_before: string;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Events */
            events: components["schemas"]["BacktestEvent"][];
            /** Fields */
            fields: components["schemas"]["FieldChange"][];
            /** Grain */
            grain: string;
            /** Id */
            id: string;
            /** Metric */
            metric: string;
            /** Monitor */
            monitor: string;
            /** Monitor Version */
            monitor_version: number;
            /** New Version */
            new_version: number | null;
            owner: components["schemas"]["PersonRef"] | null;
            /** Points */
            points: components["schemas"]["BacktestPoint"][];
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "accepted" | "rejected" | "withdrawn";
            title: components["schemas"]["Message"];
            /** Unit */
            unit: string;
            /** Why */
            why: components["schemas"]["Message"][];
        };
        /** ProposalRow */
        ProposalRow: {
            after: components["schemas"]["BacktestSide"];
            before: components["schemas"]["BacktestSide"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Id */
            id: string;
            /** Monitor */
            monitor: string;
            owner: components["schemas"]["PersonRef"] | null;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "accepted" | "rejected" | "withdrawn";
            title: components["schemas"]["Message"];
        };
        /** PublishAnswer */
        PublishAnswer: {
            /** Changes */
            changes: components["schemas"]["ChangeRow"][];
            /** Published */
            published: components["schemas"]["PublishedRow"][];
        };
        /** PublishedRow */
        PublishedRow: {
            /** Hash */
            hash: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Name */
            name: string;
            /** Version */
            version: number | null;
        };
        /**
         * QueryBody
         * @description A question. start, end: ISO 8601; dates and times without an offset are the metric's own.
         */
        QueryBody: {
            /**
             * By
             * @default []
             */
            by: string[];
            /** End */
            end?: string | null;
            /** Grain */
            grain?: string | null;
            /** Start */
            start?: string | null;
            /** Where */
            where?: string | null;
        };
        /**
         * ReasonBody
         * @description An action that needs no more than a reason.
         */
        ReasonBody: {
            /**
             * Reason
             * @default
             */
            reason: string;
        };
        /**
         * RefusedItem
         * @description An item that was not kept: its position among the items, from 0, and why.
         */
        RefusedItem: {
            /** Index */
            index: number;
            /** Reason */
            reason: string;
        };
        /** ReviewBody */
        ReviewBody: {
            /** Cause */
            cause: string;
            /** Lesson */
            lesson: string;
        };
        /** ReviewPage */
        ReviewPage: {
            by: components["schemas"]["PersonRef"] | null;
            /** Cause */
            cause: string;
            /**
             * Drafted At
             * Format: date-time
             */
            drafted_at: string;
            /** Impact */
            impact: number | null;
            /** Impact Unit */
            impact_unit: string;
            /** Incident Id */
            incident_id: number;
            /** Lesson */
            lesson: string;
            /** Published At */
            published_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "draft" | "published";
            /** Summary */
            summary: components["schemas"]["Message"][];
        };
        /**
         * RootCause
         * @description One slice that moved the metric. Evidence only; a person confirms the cause.
         */
        RootCause: {
            /** Actual */
            actual?: number | null;
            /** Confidence */
            confidence: number;
            /** Contribution */
            contribution: number;
            /** Expected */
            expected?: number | null;
            /** Share */
            share: number | null;
            /** Slice */
            slice: {
                [key: string]: string;
            };
        };
        /** RunControlBody */
        RunControlBody: {
            /**
             * Action
             * @enum {string}
             */
            action: "pause" | "resume" | "skip" | "retry" | "abort" | "mode";
            /** Mode */
            mode?: ("manual" | "assisted" | "automatic") | null;
            /**
             * Reason
             * @default
             */
            reason: string;
        };
        /** RunRow */
        RunRow: {
            /** Age S */
            age_s: number;
            /** Id */
            id: string;
            /** Incident Id */
            incident_id: number;
            /**
             * Mode
             * @enum {string}
             */
            mode: "manual" | "assisted" | "automatic";
            /** Playbook */
            playbook: string;
            playbook_label: components["schemas"]["LocalText"];
            /** Playbook Version */
            playbook_version: number;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "running" | "waiting" | "paused" | "succeeded" | "failed" | "cancelled";
            /** Step */
            step: string | null;
            /** Steps */
            steps: components["schemas"]["StepRow"][];
            /** Target S */
            target_s: number | null;
            why: components["schemas"]["Message"] | null;
        };
        /**
         * SentQuery
         * @description What is sent to one source.
         */
        SentQuery: {
            /** Dialect */
            dialect: string;
            /** Source */
            source: string;
            /** Sql */
            sql: string;
        };
        /** Series */
        Series: {
            /** Coverage */
            coverage: number | null;
            /** Data Until */
            data_until: string | null;
            /**
             * Grain
             * @enum {string}
             */
            grain: "hour" | "day" | "week" | "month" | "quarter" | "year";
            /** Metric */
            metric: string;
            /** Points */
            points: components["schemas"]["SeriesPoint"][];
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Spans */
            spans: components["schemas"]["SpanRow"][];
            /** Timezone */
            timezone: string;
            /** Unit */
            unit: string;
        };
        /** SeriesPoint */
        SeriesPoint: {
            /** Anomaly */
            anomaly: boolean;
            /** Denominator */
            denominator: number | null;
            /**
             * End
             * Format: date-time
             */
            end: string;
            /** Expected */
            expected: number | null;
            /** Lower */
            lower: number | null;
            /** Numerator */
            numerator: number | null;
            /** Score */
            score: number | null;
            /**
             * T
             * Format: date-time
             */
            t: string;
            /** Upper */
            upper: number | null;
            /** Value */
            value: number | null;
        };
        /**
         * SetAsideAnswer
         * @description The newest messages, and how many there are in all.
         */
        SetAsideAnswer: {
            /** Messages */
            messages: components["schemas"]["SetAsideRow"][];
            /** Total */
            total: number;
        };
        /**
         * SetAsideRow
         * @description A message of a source that could not be understood, as it came.
         */
        SetAsideRow: {
            /** Body */
            body: string;
            /** Id */
            id: string;
            /** Reason */
            reason: string;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /** Table */
            table: string;
        };
        /**
         * SetupSourceAnswer
         * @description Whether it answered; `source` as it would be defined, with references in place of secrets.
         */
        SetupSourceAnswer: {
            /**
             * Fix
             * @default
             */
            fix: string;
            /** Ok */
            ok: boolean;
            /**
             * Problem
             * @default
             */
            problem: string;
            source: components["schemas"]["SourceBody"];
            /**
             * Tables
             * @default []
             */
            tables: string[];
        };
        /**
         * SetupSourceBody
         * @description A source to try. secrets: option -> what it holds in plain text; never shown again.
         */
        SetupSourceBody: {
            /**
             * Name
             * @default trial
             */
            name: string;
            /**
             * Options
             * @default {}
             */
            options: {
                [key: string]: unknown;
            };
            /** Plugin */
            plugin: string;
            /**
             * Secrets
             * @default {}
             */
            secrets: {
                [key: string]: string;
            };
        };
        /** SimilarRow */
        SimilarRow: {
            headline: components["schemas"]["Message"];
            /** Helped */
            helped: boolean | null;
            /** Incident Id */
            incident_id: number;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "acknowledged" | "in_progress" | "resolved" | "verified" | "closed" | "reopened" | "merged" | "false_alarm" | "expected";
            /** What */
            what: string;
        };
        /** SliceRow */
        SliceRow: {
            /** Anomaly */
            anomaly: boolean;
            /** Better */
            better: boolean | null;
            /** Difference */
            difference: number | null;
            /** Expected */
            expected: number | null;
            /** Slice */
            slice: {
                [key: string]: string;
            };
            /** Spark */
            spark: components["schemas"]["SparkPoint"][];
            /** Value */
            value: number | null;
        };
        /**
         * SourceBody
         * @description A source as it would be defined. Secrets as references only: env:NAME, file:PATH.
         */
        SourceBody: {
            /**
             * Name
             * @default trial
             */
            name: string;
            /**
             * Options
             * @default {}
             */
            options: {
                [key: string]: unknown;
            };
            /** Plugin */
            plugin: string;
        };
        /** SourceForm */
        SourceForm: {
            /** Fields */
            fields: components["schemas"]["FormFieldRow"][];
            /** Plugin */
            plugin: string;
            /** Summary */
            summary: string;
        };
        /** SourcePage */
        SourcePage: {
            /** Collected Until */
            collected_until: string | null;
            /** Dataset Rows */
            dataset_rows: components["schemas"]["DatasetRow"][];
            /** Datasets */
            datasets: string[];
            /** Definition */
            definition: string;
            /** Kind */
            kind: string;
            label: components["schemas"]["LocalText"];
            last_error: components["schemas"]["Message"] | null;
            /** Last Run At */
            last_run_at: string | null;
            /** Lateness S */
            lateness_s: number;
            /** Name */
            name: string;
            /**
             * State
             * @enum {string}
             */
            state: "on_time" | "late" | "held" | "failed";
        };
        /** SourceRow */
        SourceRow: {
            /** Collected Until */
            collected_until: string | null;
            /** Datasets */
            datasets: string[];
            /** Kind */
            kind: string;
            label: components["schemas"]["LocalText"];
            last_error: components["schemas"]["Message"] | null;
            /** Last Run At */
            last_run_at: string | null;
            /** Lateness S */
            lateness_s: number;
            /** Name */
            name: string;
            /**
             * State
             * @enum {string}
             */
            state: "on_time" | "late" | "held" | "failed";
        };
        /** SpanRow */
        SpanRow: {
            /**
             * End
             * Format: date-time
             */
            end: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "planned" | "incident" | "label";
            /**
             * Start
             * Format: date-time
             */
            start: string;
            /** Text */
            text: string;
        };
        /** SparkPoint */
        SparkPoint: {
            /**
             * Anomaly
             * @default false
             */
            anomaly: boolean;
            /** Lower */
            lower?: number | null;
            /**
             * T
             * Format: date-time
             */
            t: string;
            /** Upper */
            upper?: number | null;
            /** Value */
            value: number | null;
        };
        /**
         * Stamp
         * @description When the system's clock stands where (the demo's clock is not the wall clock).
         */
        Stamp: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "live" | "demo";
            /**
             * Now
             * Format: date-time
             */
            now: string;
            /** Speed */
            speed: number;
        };
        /** StationRow */
        StationRow: {
            /** Count */
            count: number;
            /** Of */
            of: number | null;
            /** Oldest Age S */
            oldest_age_s: number | null;
            /** Passed 24H */
            passed_24h: number;
            /**
             * Station
             * @enum {string}
             */
            station: "collect" | "detect" | "attribute" | "assign" | "act" | "verify" | "review" | "tune";
            /** Stuck */
            stuck: number;
            /** Target S */
            target_s: number;
        };
        /** StepRow */
        StepRow: {
            actor: components["schemas"]["Actor"] | null;
            /** Ended At */
            ended_at: string | null;
            /**
             * Grade
             * @enum {string}
             */
            grade: "routine" | "critical";
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "check" | "task" | "approval" | "notify" | "webhook" | "verify";
            output: components["schemas"]["Message"] | null;
            /** Started At */
            started_at: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "pending" | "running" | "waiting" | "done" | "skipped" | "failed" | "cancelled";
            /** Task Id */
            task_id: string | null;
            title: components["schemas"]["LocalText"];
        };
        /** StuckRow */
        StuckRow: {
            /** Age S */
            age_s: number;
            owner: components["schemas"]["PersonRef"] | null;
            reason: components["schemas"]["Message"];
            /**
             * Station
             * @enum {string}
             */
            station: "collect" | "detect" | "attribute" | "assign" | "act" | "verify" | "review" | "tune";
            /** Subject Id */
            subject_id: string;
            /**
             * Subject Kind
             * @enum {string}
             */
            subject_kind: "incident" | "source" | "run" | "proposal" | "task";
            /** Target S */
            target_s: number;
            title: components["schemas"]["Message"];
        };
        /** SuggestBody */
        SuggestBody: {
            /** Currency */
            currency?: string | null;
            source: components["schemas"]["SourceBody"];
            /** Table */
            table: string;
            /** Time */
            time?: string | null;
            /** Timezone */
            timezone?: string | null;
        };
        /**
         * Suggestion
         * @description Bodies as they would be written, and why. dataset: null where the table cannot be watched; `reasons` say why not.
         *
         *     source: as it must be written so that its times and numbers are understood. naive: the times carry no zone. times:
         *     columns that could be the time, the chosen one first. money: columns that look like amounts.
         */
        Suggestion: {
            /** Columns */
            columns: components["schemas"]["ColumnRow"][];
            /** Dataset */
            dataset: {
                [key: string]: unknown;
            } | null;
            /** Metrics */
            metrics: {
                [key: string]: unknown;
            }[];
            /** Money */
            money: string[];
            /** Monitors */
            monitors: {
                [key: string]: unknown;
            }[];
            /** Naive */
            naive: boolean;
            /** Reasons */
            reasons: components["schemas"]["Message"][];
            /** Sample */
            sample: (string | number | boolean | null)[][];
            source: components["schemas"]["SourceBody"];
            /** Times */
            times: string[];
        };
        /** TablesAnswer */
        TablesAnswer: {
            /** Tables */
            tables: string[];
        };
        /** TaskPage */
        TaskPage: {
            /** Answer */
            answer: {
                [key: string]: string | number | boolean;
            };
            assignee: components["schemas"]["PersonRef"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Done At */
            done_at: string | null;
            done_by: components["schemas"]["Actor"] | null;
            /** Due At */
            due_at: string | null;
            effect: components["schemas"]["LocalText"];
            /** Form */
            form: components["schemas"]["FormField"][];
            help: components["schemas"]["LocalText"];
            /** Id */
            id: string;
            incident_headline: components["schemas"]["Message"] | null;
            /** Incident Id */
            incident_id: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "task" | "approval" | "review" | "proposal";
            /** Overdue */
            overdue: boolean;
            /** Proposal Id */
            proposal_id: string | null;
            /** Run Id */
            run_id: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "done" | "approved" | "rejected" | "escalated" | "cancelled";
            title: components["schemas"]["LocalText"];
            undo: components["schemas"]["LocalText"];
        };
        /**
         * TaskRow
         * @description A human step, an approval or a review that somebody owes.
         */
        TaskRow: {
            assignee: components["schemas"]["PersonRef"] | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Due At */
            due_at: string | null;
            /** Id */
            id: string;
            incident_headline: components["schemas"]["Message"] | null;
            /** Incident Id */
            incident_id: number | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "task" | "approval" | "review" | "proposal";
            /** Overdue */
            overdue: boolean;
            /** Proposal Id */
            proposal_id: string | null;
            /** Run Id */
            run_id: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "open" | "done" | "approved" | "rejected" | "escalated" | "cancelled";
            title: components["schemas"]["LocalText"];
        };
        /** TeamRow */
        TeamRow: {
            /** Id */
            id: string;
            label: components["schemas"]["LocalText"];
            /** Members */
            members: string[];
        };
        /** TimelineRow */
        TimelineRow: {
            actor: components["schemas"]["Actor"];
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "detect" | "attribute" | "triage" | "assign" | "notify" | "act" | "verify" | "review" | "tune" | "comment";
            message: components["schemas"]["Message"];
        };
        /** TokenBody */
        TokenBody: {
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /** Roles */
            roles: ("viewer" | "responder" | "owner" | "steward" | "administrator" | "auditor")[];
            /** Sources */
            sources?: string[] | null;
        };
        /** TokenRow */
        TokenRow: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Id */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Roles */
            roles: ("viewer" | "responder" | "owner" | "steward" | "administrator" | "auditor")[];
            /** Sources */
            sources?: string[] | null;
        };
        /**
         * TreeNode
         * @description A metric and what drives it. value: of the newest whole bucket; before: of the one that it is compared with.
         *
         *     drivers: the formula over `nodes`. error: |formula - metric| over the metric, all buckets of the window together;
         *     worst and worst_bucket: of its worst bucket. null: nobody can tell.
         */
        TreeNode: {
            /** Before */
            before: number | null;
            /** Drivers */
            drivers: string | null;
            /** Error */
            error: number | null;
            label: components["schemas"]["LocalText"];
            /** Metric */
            metric: string;
            /** Nodes */
            nodes: components["schemas"]["TreeNode"][];
            /** Unit */
            unit: string;
            /** Value */
            value: number | null;
            /** Worst */
            worst: number | null;
            /** Worst Bucket */
            worst_bucket: string | null;
        };
        /**
         * TrialAnswer
         * @description Whether it answered. A refusal in the source's own words (English), with the fix where one is known.
         */
        TrialAnswer: {
            /**
             * Fix
             * @default
             */
            fix: string;
            /** Ok */
            ok: boolean;
            /**
             * Problem
             * @default
             */
            problem: string;
            /**
             * Tables
             * @default []
             */
            tables: string[];
        };
        /**
         * TroubleRow
         * @description Why the loop stands still: what it is, and what to do. In English, as the error says it.
         */
        TroubleRow: {
            /** Code */
            code: string;
            /** Fix */
            fix: string;
            /** Problem */
            problem: string;
        };
        /** Verification */
        Verification: {
            /** At */
            at: string | null;
            /** Buckets Back */
            buckets_back: number;
            /** Buckets Needed */
            buckets_needed: number;
            message: components["schemas"]["Message"];
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "waiting" | "verified" | "reopened" | "cannot_tell";
        };
        /**
         * VersionPage
         * @description One version, and how it differs from the one before.
         */
        VersionPage: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            by: components["schemas"]["Actor"];
            /** Differences */
            differences: components["schemas"]["DifferenceRow"][];
            /** Hash */
            hash: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "ui" | "proposal" | "import";
            /** Says */
            says: components["schemas"]["Message"][];
            /** Version */
            version: number;
        };
        /** VersionRow */
        VersionRow: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** By */
            by: string;
            /** Hash */
            hash: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "file" | "ui" | "proposal" | "import";
            /** Version */
            version: number;
        };
        /**
         * WrittenRow
         * @description A definition that was sent, both ways of writing it: what is edited as one shows as the other.
         */
        WrittenRow: {
            /** Body */
            body: {
                [key: string]: unknown;
            };
            /**
             * Kind
             * @enum {string}
             */
            kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
            /** Name */
            name: string;
            /** Yaml */
            yaml: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    approve_api_v1_approvals__task_id__approve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reject_api_v1_approvals__task_id__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    audit_api_v1_audit_get: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    definitions_api_v1_definitions_get: {
        parameters: {
            query?: {
                kind?: ("project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    definition_api_v1_definitions__kind___name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DefinitionPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    versions_api_v1_definitions__kind___name__versions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: "project" | "source" | "dataset" | "metric" | "monitor" | "playbook" | "person" | "team" | "assignment" | "channel";
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionPage"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    check_definitions_api_v1_definitions_check_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    plan_definitions_api_v1_definitions_plan_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlanAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_api_v1_definitions_preview_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_definitions_api_v1_definitions_publish_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    events_api_v1_events_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    incidents_api_v1_incidents_get: {
        parameters: {
            query?: {
                limit?: number;
                metric?: string | null;
                offset?: number;
                owner?: string | null;
                q?: string | null;
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    incident_api_v1_incidents__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_data_api_v1_incidents__id__accept_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acknowledge_incident_api_v1_incidents__id__acknowledge_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assign_incident_api_v1_incidents__id__assign_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssignBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    close_incident_api_v1_incidents__id__close_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    comment_incident_api_v1_incidents__id__comment_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    label_preview_api_v1_incidents__id__label_preview_get: {
        parameters: {
            query: {
                verdict: "true" | "false_alarm" | "expected" | "new_normal" | "missed";
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LabelPreview"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_label_api_v1_incidents__id__labels_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LabelBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reopen_incident_api_v1_incidents__id__reopen_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolve_incident_api_v1_incidents__id__resolve_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    review_api_v1_incidents__id__review_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    save_review_api_v1_incidents__id__review_put: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_review_api_v1_incidents__id__review_publish_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    take_incident_api_v1_incidents__id__take_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NoteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    knowledge_api_v1_knowledge_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewPage"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_label_api_v1_labels__id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    loop_api_v1_loop_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoopOverview"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_clock_api_v1_loop_clock_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClockBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stamp"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_mode_api_v1_loop_mode_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoopOverview"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metrics_api_v1_metrics_get: {
        parameters: {
            query?: {
                level?: ("L1" | "L2" | "L3") | null;
                owner?: string | null;
                q?: string | null;
                status?: ("draft" | "certified" | "deprecated") | null;
                team?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metric_api_v1_metrics__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metric_lineage_api_v1_metrics__name__lineage_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LineagePage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    query_api_v1_metrics__name__query_get: {
        parameters: {
            query?: {
                /** @description dimensions to split by */
                by?: string[] | null;
                /** @description csv: a table; sql: what would be sent, unsent */
                format?: "json" | "csv" | "sql";
                /** @description date or time; without an offset in the metric's zone */
                from?: string | null;
                /** @description hour, day, week, month, quarter or year */
                grain?: string | null;
                /** @description not included; by default the bucket that is running */
                to?: string | null;
                /** @description only rows for which this holds: region = 'East' */
                where?: string | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricAnswer"] | components["schemas"]["SentQuery"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_api_v1_metrics__name__query_post: {
        parameters: {
            query?: {
                /** @description csv: a table; sql: what would be sent, unsent */
                format?: "json" | "csv" | "sql";
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueryBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricAnswer"] | components["schemas"]["SentQuery"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    series_api_v1_metrics__name__series_get: {
        parameters: {
            query?: {
                from?: string | null;
                grain?: "hour" | "day" | "week" | "month" | "quarter" | "year";
                known_at?: string | null;
                /** @description carrier:AA,origin:EWR; empty: the total */
                slice?: string;
                to?: string | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Series"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    slices_api_v1_metrics__name__slices_get: {
        parameters: {
            query: {
                dimension: string;
                grain?: "hour" | "day" | "week" | "month" | "quarter" | "year";
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SliceRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tree_api_v1_metrics__name__tree_get: {
        parameters: {
            query?: {
                grain?: ("hour" | "day") | null;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MetricTree"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    metric_versions_api_v1_metrics__name__versions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionPage"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    monitors_api_v1_monitors_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitorRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    monitor_api_v1_monitors__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MonitorPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    notifications_api_v1_notifications_get: {
        parameters: {
            query?: {
                incident?: number | null;
                person?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    people_api_v1_people_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    push_api_v1_points_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PointsBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PointsAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposals_api_v1_proposals_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proposal_api_v1_proposals__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_proposal_api_v1_proposals__id__accept_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reject_proposal_api_v1_proposals__id__reject_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReasonBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProposalPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runs_api_v1_runs_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    run_api_v1_runs__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunRow"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    control_run_api_v1_runs__id__control_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunControlBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunRow"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session_api_v1_session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login_api_v1_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout_api_v1_session_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_language_api_v1_session_language_put: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LanguageBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login_by_link_api_v1_session_link_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginLinkBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forms_api_v1_setup_forms_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceForm"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_api_v1_setup_preview_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FirstNumbersBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FirstNumbers"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    try_source_api_v1_setup_sources_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupSourceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupSourceAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suggest_api_v1_setup_suggest_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuggestBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Suggestion"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    upload_api_v1_setup_uploads_post: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupSourceAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sources_api_v1_sources_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    source_api_v1_sources__name__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourcePage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    source_columns_api_v1_sources__name__columns_get: {
        parameters: {
            query: {
                table: string;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ColumnsAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_aside_api_v1_sources__name__set_aside_get: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetAsideAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    source_tables_api_v1_sources__name__tables_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TablesAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_source_api_v1_sources_test_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialAnswer"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    tasks_api_v1_tasks_get: {
        parameters: {
            query?: {
                mine?: boolean;
                state?: "open" | "done";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    task_api_v1_tasks__id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    complete_task_api_v1_tasks__id__complete_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompleteBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskPage"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    teams_api_v1_teams_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TeamRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tokens_api_v1_tokens_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenRow"][];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    make_token_api_v1_tokens_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewToken"];
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_token_api_v1_tokens__id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    healthz_healthz_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: string;
                    };
                };
            };
            /** @description A problem (RFC 9457) */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
