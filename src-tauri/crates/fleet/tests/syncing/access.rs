//! Time-bound access from the request to the removal, against the simulator: what is written to Entra, what is recorded, and what a
//! crash at every step leaves.

use chrono::{TimeDelta, Utc};
use fleet::Fleet;
use fleet::views::access::{self, AccessInput, AccessState, EndInput, EndPreset, RemovalOutcome};
use fleet::views::tenants::TenantSettings;
use serde_json::json;

use crate::fixture::*;

const IDA: &str = "Ida Berg";
const OLE: &str = "Ole Dahl";

struct Desk {
    world: World,
    hands: Hands,
}

impl Desk {
    async fn open() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut graph_simulator::SimulatorOptions)) -> Self {
        let hands = Hands::new();
        let clock = hands.clock();
        let mut tenant = customer(CONTOSO, "Contoso", 12, 3, Utc::now());
        tenant.profile.granted.extend(graph::permissions::writing_names());
        let world = world_with(vec![tenant], change, |options| options.clock = clock).await;
        world.sync().await;
        let desk = Self { world, hands };
        desk.set(TenantSettings { writes: Some(true), ..TenantSettings::default() });
        desk
    }

    fn fleet(&self) -> &Fleet {
        &self.world.fleet
    }

    /// Settings straight into the store: how they get there is another page's story.
    fn set(&self, settings: TenantSettings) {
        self.fleet()
            .store()
            .write(|tx| {
                let mut row = store::tenants::get(tx, CONTOSO)?.unwrap();
                row.writes = settings.writes.unwrap_or(row.writes);
                row.second_approval = settings.second_approval.unwrap_or(row.second_approval);
                row.ticket_pattern = settings.ticket_pattern.or(row.ticket_pattern);
                row.break_glass_group = settings.break_glass_group.or(row.break_glass_group);
                row.put(tx)
            })
            .unwrap();
    }

    fn ask(&self, user: usize, hours: i64) -> AccessInput {
        AccessInput {
            tenant: CONTOSO.to_owned(),
            user: format!("user{user}@contoso.example"),
            group: "VIPs".to_owned(),
            reason: "New phone arrives on Monday".to_owned(),
            ticket: Some("T-100".to_owned()),
            end: EndInput::At { at: self.fleet().now() + TimeDelta::hours(hours) },
            sign_in: None,
            take_over: false,
        }
    }

    fn request(&self, user: usize, hours: i64) -> u32 {
        self.fleet().access_request(&self.ask(user, hours), IDA).unwrap().row.id
    }

    async fn active(&self, user: usize, hours: i64) -> u32 {
        let id = self.request(user, hours);
        self.fleet().access_approve(id, None, false, IDA).await.unwrap();
        id
    }

    fn state(&self, id: u32) -> AccessState {
        access::get(self.fleet(), id, IDA).unwrap().row.state
    }

    fn events(&self, id: u32) -> Vec<String> {
        access::get(self.fleet(), id, IDA).unwrap().history.into_iter().map(|event| event.what).collect()
    }

    fn in_entra(&self, user: usize) -> bool {
        self.world.contoso().members(VIPS).contains(&user_id(user))
    }

    fn stored(&self, user: usize) -> bool {
        self.world.read(|conn| store::groups::has_member(conn, CONTOSO, VIPS, &user_id(user))).unwrap()
    }

    fn journal(&self, id: u32) -> Vec<(String, String)> {
        self.world.read(|conn| store::graph_writes::of(conn, "access", i64::from(id))).into_iter().map(|write| (write.method, write.outcome)).collect()
    }

    fn audited(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.world.read(|conn| {
            store::audit_log::each(conn, |row| {
                if row.action.starts_with("access.") {
                    found.push(row.action);
                }
                Ok(())
            })
        });
        found
    }

    fn open_alerts(&self, kind: &str) -> Vec<String> {
        let filter =
            fleet::views::alerts::AlertFilter { kinds: vec![kind.to_owned()], states: vec![fleet::views::alerts::AlertState::Open], ..Default::default() };
        fleet::views::alerts::list(self.fleet().store(), &filter).unwrap().rows.into_iter().map(|row| row.title).collect()
    }

    /// Acts until the journal holds so many rows, and is killed there.
    async fn killed<F: Future + Send + 'static>(&self, id: u32, writes: usize, act: F)
    where
        F::Output: Send,
    {
        let running = tokio::spawn(act);
        while self.journal(id).len() < writes {
            tokio::task::yield_now().await;
        }
        running.abort();
        let _ = running.await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_let_through_until_the_end_and_taken_out_by_hand() {
    let desk = Desk::open().await;
    let detail = desk.fleet().access_request(&desk.ask(7, 2), IDA).unwrap();
    assert_eq!(detail.row.state, AccessState::Requested);
    assert_eq!(detail.exempt[0], "While in VIPs, User 7 is not asked for MFA by CA001 Require MFA and CA002 Second.");
    assert!(detail.exempt[1].contains("a password is enough"), "{:?}", detail.exempt);
    assert!(!desk.in_entra(7), "asking writes nothing");
    let id = detail.row.id;

    let approved = desk.fleet().access_approve(id, Some(detail.row.revision), false, IDA).await.unwrap();
    assert_eq!((approved.row.state, approved.row.already_member), (AccessState::Active, Some(false)));
    assert!(desk.in_entra(7) && desk.stored(7), "Entra has it, and the engine knows at once");
    assert_eq!(desk.journal(id), [("POST".to_owned(), "done".to_owned())]);
    assert_eq!(desk.open_alerts("coverage.gap"), ["2 people are not asked for MFA"], "those whom nobody tracks; who has an end is no gap");

    assert_eq!(desk.fleet().access_expire(desk.fleet().now()).unwrap(), 0, "not before its time");
    desk.hands.forward(TimeDelta::hours(3));
    let ended = desk.fleet().now() - TimeDelta::hours(1);
    assert_eq!(desk.fleet().access_expire(desk.fleet().now()).unwrap(), 1);
    assert_eq!(desk.fleet().access_expire(desk.fleet().now()).unwrap(), 0, "marked once");
    let row = desk.world.read(|conn| store::access_grants::get(conn, i64::from(id))).unwrap();
    assert!((row.expired_at.unwrap() - ended.timestamp_millis()).abs() < 1000, "it ended when it ended, not when somebody looked");
    assert!(desk.in_entra(7), "nobody is taken out by a clock");
    assert_eq!(desk.open_alerts("exclusion.expired"), ["User 7 is still in VIPs after the end of time-bound access"]);
    assert_eq!(desk.open_alerts("coverage.gap"), ["3 people are not asked for MFA"], "past the end it is one");

    let synced = desk.fleet().access_sync_expired(CONTOSO, OLE).await.unwrap();
    assert_eq!(synced.results.iter().map(|result| result.outcome).collect::<Vec<_>>(), [RemovalOutcome::Removed]);
    assert!(!desk.in_entra(7) && !desk.stored(7));
    assert_eq!(desk.state(id), AccessState::Removed);
    assert!(desk.open_alerts("exclusion.expired").is_empty(), "the alert resolves by itself");
    assert_eq!(desk.audited(), ["access.requested", "access.approved", "access.added", "access.expired", "access.removed"]);
    assert!(desk.fleet().access_sync_expired(CONTOSO, OLE).await.unwrap().results.is_empty(), "safe to repeat");

    desk.world.sync().await;
    assert_eq!(desk.open_alerts("coverage.gap"), ["2 people are not asked for MFA"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_the_group_by_other_means_is_recognised_and_never_taken_out() {
    let desk = Desk::open().await;
    // User 4 is a member by name, user 5 through a nested group.
    for (user, inside) in [(4, true), (5, false)] {
        let id = desk.active(user, 2).await;
        let row = access::get(desk.fleet(), id, IDA).unwrap().row;
        assert_eq!((row.state, row.already_member), (AccessState::Active, Some(true)));
        assert!(row.note.unwrap().contains("stays there"));
        assert!(desk.journal(id).is_empty(), "nothing was written");
        assert_eq!(desk.in_entra(user), inside);
    }
    desk.hands.forward(TimeDelta::hours(3));
    let synced = desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
    assert!(synced.results.is_empty());
    assert!(desk.in_entra(4));
    assert!(desk.open_alerts("exclusion.expired").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_can_be_taken_over_on_purpose_but_not_one_of_an_inner_group() {
    let desk = Desk::open().await;
    let list = access::list(desk.fleet(), CONTOSO).unwrap();
    assert_eq!(list.untracked.len(), 1);
    assert_eq!(list.untracked[0].sentence, "2 people are excluded from MFA with no end");
    let id = desk.request(4, 2);
    let row = desk.fleet().access_approve(id, None, true, IDA).await.unwrap().row;
    assert_eq!((row.already_member, row.take_over), (Some(true), true));
    assert_eq!(access::list(desk.fleet(), CONTOSO).unwrap().untracked[0].count, 1, "who has an end is tracked");
    let inner = desk.request(5, 2);
    let refused = desk.fleet().access_approve(inner, None, true, IDA).await.unwrap_err();
    assert_eq!(refused.code, "access.not_direct");
    desk.hands.forward(TimeDelta::hours(3));
    let synced = desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
    assert_eq!(synced.results.len(), 1);
    assert!(!desk.in_entra(4));
    assert!(desk.audited().contains(&"access.taken_over".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_user_and_group_is_extended_and_not_doubled() {
    let desk = Desk::open().await;
    let id = desk.active(7, 2).await;
    let again = desk.fleet().access_request(&desk.ask(7, 8), IDA).unwrap();
    assert_eq!(again.row.id, id);
    assert_eq!(again.row.state, AccessState::Active);
    assert_eq!(again.history.last().unwrap().what, "Extended");
    let earlier = desk.fleet().access_request(&desk.ask(7, 1), IDA).unwrap_err();
    assert_eq!(earlier.code, "access.end_earlier");
    desk.hands.forward(TimeDelta::hours(3));
    assert_eq!(desk.fleet().access_expire(desk.fleet().now()).unwrap(), 0, "the later end counts");

    // Past the end: asked for again, approved again, and nothing is written twice.
    desk.hands.forward(TimeDelta::hours(9));
    desk.fleet().access_expire(desk.fleet().now()).unwrap();
    let asked = desk.fleet().access_request(&desk.ask(7, 2), IDA).unwrap();
    assert_eq!((asked.row.id, asked.row.state), (id, AccessState::Requested));
    assert_eq!(desk.open_alerts("exclusion.expired").len(), 1, "until somebody approves it");
    desk.fleet().access_approve(id, None, false, IDA).await.unwrap();
    assert_eq!((desk.state(id), desk.journal(id).len()), (AccessState::Active, 1));
    assert!(desk.open_alerts("exclusion.expired").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_second_person_has_to_approve_nobody_extends_alone() {
    let desk = Desk::open().await;
    desk.set(TenantSettings { second_approval: Some(true), ticket_pattern: Some("T-\\d+".to_owned()), ..TenantSettings::default() });
    let mut wrong = desk.ask(7, 2);
    wrong.ticket = Some("100".to_owned());
    assert_eq!(desk.fleet().access_request(&wrong, IDA).unwrap_err().code, "rules.ticket_mismatch");
    let id = desk.request(7, 2);
    assert_eq!(desk.fleet().access_approve(id, None, false, " ida berg ").await.unwrap_err().code, "rules.same_person");
    desk.fleet().access_approve(id, None, false, OLE).await.unwrap();
    let extended = desk.fleet().access_request(&desk.ask(7, 48), IDA).unwrap();
    assert!(extended.row.extend_to.is_some() && extended.row.ends_at < desk.fleet().now() + TimeDelta::hours(3), "the old end counts until somebody approves");
    assert_eq!(desk.fleet().access_approve(id, None, false, IDA).await.unwrap_err().code, "rules.same_person");
    let approved = desk.fleet().access_approve(id, None, false, OLE).await.unwrap();
    assert!(approved.row.ends_at > desk.fleet().now() + TimeDelta::hours(40));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_for_is_refused_with_the_reason() {
    let desk = Desk::open().await;
    let fleet = desk.fleet();
    let code = |input: AccessInput| fleet.access_request(&input, IDA).unwrap_err().code;
    assert_eq!(code(desk.ask(7, -1)), "access.end_past");
    assert_eq!(code(desk.ask(7, 24 * 91)), "access.end_too_late");
    assert_eq!(code(AccessInput { user: "nobody@contoso.example".into(), ..desk.ask(7, 1) }), "access.no_user");
    assert_eq!(code(AccessInput { group: "Book club".into(), ..desk.ask(7, 1) }), "access.not_excluded");
    assert_eq!(code(AccessInput { group: "No such".into(), ..desk.ask(7, 1) }), "input.no_group");
    assert_eq!(code(AccessInput { reason: "  ".into(), ..desk.ask(7, 1) }), "input.missing");
    assert_eq!(code(AccessInput { end: EndInput::Local { at: "tomorrow".into() }, ..desk.ask(7, 1) }), "access.end_unreadable");
    for (field, value, wanted) in [
        ("groupTypes", json!(["DynamicMembership"]), "access.group_dynamic"),
        ("onPremisesSyncEnabled", json!(true), "access.group_synced"),
        ("isAssignableToRole", json!(true), "access.group_roles"),
    ] {
        let mut group =
            json!({"id": VIPS, "displayName": "VIPs", "groupTypes": [], "securityEnabled": true, "onPremisesSyncEnabled": null, "isAssignableToRole": null});
        group[field] = value;
        desk.world.contoso().upsert_group(group);
        desk.world.sync().await;
        assert_eq!(code(desk.ask(7, 1)), wanted);
        assert_eq!(
            access::form(fleet, CONTOSO, None).unwrap().groups.iter().find(|group| group.group.id == VIPS).unwrap().refused.as_ref().unwrap().code,
            wanted
        );
    }
    assert!(desk.audited().is_empty());
    let preview = access::preview(
        fleet,
        &AccessInput { user: String::new(), group: String::new(), ticket: None, end: EndInput::Preset { preset: EndPreset::SevenDays }, ..desk.ask(7, 1) },
        IDA,
    )
    .unwrap();
    assert!(preview.problems.is_empty() && preview.ends_at.is_some(), "what is not typed yet is not wrong yet");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_since_the_request_is_found_when_it_is_approved() {
    let desk = Desk::open().await;
    let gone = desk.request(7, 2);
    desk.world.contoso().delete_user(&user_id(7), true).unwrap();
    assert_eq!(desk.fleet().access_approve(gone, None, false, IDA).await.unwrap_err().code, "access.user_gone");
    assert_eq!(desk.state(gone), AccessState::Failed);
    desk.fleet().access_cancel(gone, None, IDA).unwrap();
    assert_eq!(desk.state(gone), AccessState::Cancelled);

    let late = desk.request(8, 2);
    desk.hands.forward(TimeDelta::hours(3));
    assert_eq!(desk.fleet().access_approve(late, None, false, IDA).await.unwrap_err().code, "access.end_past");

    let seen = desk.fleet().access_request(&desk.ask(9, 2), IDA).unwrap().row;
    desk.fleet().access_request(&desk.ask(9, 5), OLE).unwrap();
    assert_eq!(desk.fleet().access_approve(seen.id, Some(seen.revision), false, IDA).await.unwrap_err().code, "access.moved_on");

    let off = desk.request(10, 2);
    desk.set(TenantSettings { writes: Some(false), ..TenantSettings::default() });
    assert_eq!(desk.fleet().access_approve(off, None, false, IDA).await.unwrap_err().code, "rules.writes_off");
    assert_eq!(desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap_err().code, "rules.writes_off");
    assert!(desk.world.contoso().members(VIPS).len() == 2, "nothing was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_approve_at_once_write_once() {
    let desk = Desk::open().await;
    let id = desk.request(7, 2);
    let (one, two) = tokio::join!(desk.fleet().access_approve(id, Some(1), false, IDA), desk.fleet().access_approve(id, Some(1), false, OLE));
    let codes: Vec<String> = [one, two].into_iter().filter_map(|done| done.err().map(|problem| problem.code)).collect();
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert!(["access.busy", "access.moved_on", "access.state"].contains(&codes[0].as_str()), "{codes:?}");
    assert_eq!(desk.journal(id).len(), 1);
    assert_eq!(desk.state(id), AccessState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_expired_user_has_a_result_also_where_one_fails_in_the_middle() {
    let desk = Desk::open().await;
    let mut ids = Vec::new();
    for user in [7, 8, 9] {
        ids.push(desk.active(user, 2).await);
    }
    desk.hands.forward(TimeDelta::hours(3));
    // The first is gone already, the second is refused, the third goes.
    let actor = desk.world.contoso().an_admin();
    desk.world.contoso().remove_member(VIPS, &user_id(7), &actor).unwrap();
    desk.world.faults(&format!("status=403;method=DELETE;path={}", user_id(8)));
    let synced = desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
    let outcomes: Vec<_> = synced.results.iter().map(|result| result.outcome).collect();
    assert_eq!(outcomes, [RemovalOutcome::AlreadyGone, RemovalOutcome::Refused, RemovalOutcome::Removed]);
    assert_eq!(synced.results[1].problem.as_ref().unwrap().code, "access.permission_lost");
    assert_eq!(synced.summary, "2 of 3 users are out of their groups");
    assert_eq!(ids.iter().map(|id| desk.state(*id)).collect::<Vec<_>>(), [AccessState::Removed, AccessState::Expired, AccessState::Removed]);
    assert!(access::get(desk.fleet(), ids[1], IDA).unwrap().row.problem.is_some());
    assert_eq!(desk.open_alerts("exclusion.expired").len(), 1);
    desk.world.faults("");
    let again = desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
    assert_eq!(again.results.iter().map(|result| result.outcome).collect::<Vec<_>>(), [RemovalOutcome::Removed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_user_was_added_it_is_known_that_nothing_happened() {
    let desk = Desk::open().await;
    let id = desk.request(7, 2);
    desk.world.faults("delay=60000;method=POST;path=members");
    let fleet = desk.fleet().clone();
    desk.killed(id, 1, async move { fleet.access_approve(id, None, false, IDA).await }).await;
    assert_eq!((desk.state(id), desk.in_entra(7)), (AccessState::Adding, false));
    desk.world.faults("");
    assert_eq!(desk.fleet().access_settle().await, 0, "too early to say: Graph shows writes after a while");
    desk.hands.forward(TimeDelta::minutes(6));
    assert_eq!(desk.fleet().access_settle().await, 1);
    assert_eq!(desk.state(id), AccessState::Failed);
    // And approving again does it.
    desk.fleet().access_approve(id, None, false, IDA).await.unwrap();
    assert_eq!((desk.state(id), desk.in_entra(7)), (AccessState::Active, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_user_was_added_it_is_read_back_and_is_ours_to_remove() {
    for again in [false, true] {
        let desk = Desk::open().await;
        let id = desk.request(7, 2);
        // The write is done, its answer is lost, and the reading back never ends.
        desk.world.faults("writeLost;method=POST;path=members,delay=60000;method=GET;path=/members?;after=1");
        let fleet = desk.fleet().clone();
        let running = tokio::spawn(async move { fleet.access_approve(id, None, false, IDA).await });
        while !desk.in_entra(7) {
            tokio::task::yield_now().await;
        }
        running.abort();
        let _ = running.await;
        assert_eq!(desk.state(id), AccessState::Adding);
        desk.world.faults("");
        if again {
            desk.fleet().access_approve(id, None, false, IDA).await.unwrap();
        } else {
            assert_eq!(desk.fleet().access_settle().await, 1);
        }
        let row = access::get(desk.fleet(), id, IDA).unwrap().row;
        assert_eq!((row.state, row.already_member), (AccessState::Active, Some(false)), "settled by {}", if again { "a person" } else { "itself" });
        assert!(desk.stored(7));
        desk.hands.forward(TimeDelta::hours(3));
        desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
        assert!(!desk.in_entra(7));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_a_removal_it_is_finished_or_begun_anew() {
    for done in [false, true] {
        let desk = Desk::open().await;
        let id = desk.active(7, 2).await;
        desk.hands.forward(TimeDelta::hours(3));
        desk.world.faults(if done { "writeLost;method=DELETE,delay=60000;method=GET;path=/members?" } else { "delay=60000;method=DELETE" });
        let fleet = desk.fleet().clone();
        if done {
            let running = tokio::spawn(async move { fleet.access_sync_expired(CONTOSO, IDA).await });
            while desk.in_entra(7) {
                tokio::task::yield_now().await;
            }
            running.abort();
            let _ = running.await;
        } else {
            desk.killed(id, 2, async move { fleet.access_sync_expired(CONTOSO, IDA).await }).await;
        }
        assert_eq!(desk.state(id), AccessState::Removing);
        desk.world.faults("");
        if done {
            assert_eq!(desk.fleet().access_settle().await, 1);
            assert_eq!(desk.state(id), AccessState::Removed);
        } else {
            let synced = desk.fleet().access_sync_expired(CONTOSO, IDA).await.unwrap();
            assert_eq!(synced.results[0].outcome, RemovalOutcome::Removed);
        }
        assert!(!desk.in_entra(7) && !desk.stored(7), "{:?}", desk.events(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_read_back_at_once_and_refusals_are_told() {
    let desk = Desk::open().await;
    let id = desk.request(7, 2);
    desk.world.faults("writeLost;method=POST;path=members;count=1");
    desk.fleet().access_approve(id, None, false, IDA).await.unwrap();
    assert_eq!(desk.state(id), AccessState::Active);
    let refused = desk.request(8, 2);
    desk.world.faults("status=403;method=POST;path=members");
    assert_eq!(desk.fleet().access_approve(refused, None, false, IDA).await.unwrap_err().code, "access.permission_lost");
    assert_eq!((desk.state(refused), desk.in_entra(8)), (AccessState::Failed, false));
    assert!(desk.events(refused).contains(&"Failed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_back_brings_nothing_back_and_ending_early_takes_out_at_once() {
    let desk = Desk::open().await;
    let id = desk.active(7, 2).await;
    desk.hands.forward(TimeDelta::hours(3));
    desk.fleet().access_expire(desk.fleet().now()).unwrap();
    desk.hands.forward(TimeDelta::hours(-30));
    desk.fleet().access_expire(desk.fleet().now()).unwrap();
    assert_eq!(desk.state(id), AccessState::Expired);
    let early = desk.active(8, 2).await;
    desk.fleet().access_end_now(early, None, IDA).await.unwrap();
    assert_eq!((desk.state(early), desk.in_entra(8)), (AccessState::Removed, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_write_is_no_tampering_with_the_break_glass_group() {
    let desk = Desk::with(|options| options.replication_lag = std::time::Duration::from_millis(300)).await;
    let id = desk.fleet().access_request(&AccessInput { group: "Break glass".into(), ..desk.ask(7, 2) }, IDA).unwrap().row.id;
    desk.fleet().access_approve(id, None, false, IDA).await.unwrap();
    // Reads lag behind: this sync may not see the new member yet.
    desk.hands.forward(TimeDelta::minutes(1));
    desk.world.sync().await;
    while !desk.world.contoso().members(BREAK_GLASS).contains(&user_id(7)) {
        tokio::task::yield_now().await;
    }
    desk.hands.forward(TimeDelta::minutes(1));
    desk.world.sync().await;
    assert!(desk.open_alerts("breakglass.membership_changed").is_empty());
    // Somebody else's is told as ever.
    let actor = desk.world.contoso().an_admin();
    desk.world.contoso().add_member(BREAK_GLASS, &user_id(9), &actor).unwrap();
    while !desk.world.contoso().members(BREAK_GLASS).contains(&user_id(9)) {
        tokio::task::yield_now().await;
    }
    desk.hands.forward(TimeDelta::minutes(1));
    desk.world.sync().await;
    assert_eq!(desk.open_alerts("breakglass.membership_changed").len(), 1);
}
