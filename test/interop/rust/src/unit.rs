//! /unit/:id: one lane of each kind, and command lanes by which a test has the host itself change them.

use std::collections::{HashMap, HashSet};

use swimos::{
    agent::{
        agent_lifecycle::HandlerContext,
        event_handler::{BoxEventHandler, EventHandler, HandlerAction, HandlerActionExt, Sequentially},
        lanes::{CommandLane, DemandLane, DemandMapLane, MapLane, SupplyLane, ValueLane},
        lifecycle,
        model::MapMessage,
        projections, AgentLaneModel,
    },
    model::Value,
};

use crate::{
    body::{number, slot, text, whole},
    record::{record, Change},
};

type Context = HandlerContext<UnitAgent>;
type Handler<'a> = BoxEventHandler<'a, UnitAgent>;

/// No command may ask for more entries or steps than this.
const MAX_COUNT: i64 = 2_000_000;

#[projections]
#[derive(AgentLaneModel)]
#[agent(convention = "camel")]
pub struct UnitAgent {
    map: MapLane<Value, Value>,
    recorded: MapLane<Value, Value>,
    shopping_cart: MapLane<String, i32>,
    upper: MapLane<Value, String>,
    positive: MapLane<Value, i64>,
    value: ValueLane<Value>,
    clamped: ValueLane<i64>,
    add_item: CommandLane<Value>,
    remote: CommandLane<MapMessage<Value, Value>>,
    fill: CommandLane<Value>,
    churn: CommandLane<Value>,
    burst: CommandLane<Value>,
    echo: CommandLane<Value>,
    emit: CommandLane<Value>,
    cue: CommandLane<Value>,
    fail: CommandLane<Value>,
    stop: CommandLane<Value>,
    pulse: SupplyLane<Value>,
    now: DemandLane<Value>,
    squares: DemandMapLane<i32, i32>,
}

#[derive(Clone)]
pub struct UnitLifecycle;

#[lifecycle(UnitAgent)]
impl UnitLifecycle {
    #[on_command(add_item)]
    fn add_item(&self, context: Context, item: &Value) -> impl EventHandler<UnitAgent> {
        context.transform_entry(UnitAgent::SHOPPING_CART, text(item), |count: Option<&i32>| {
            Some(count.copied().unwrap_or(0).saturating_add(1))
        })
    }

    /// Changes `map` from the host's side: the body is what a client would have sent to `map` itself.
    #[on_command(remote)]
    fn remote(&self, context: Context, message: &MapMessage<Value, Value>) -> Handler<'static> {
        match message.clone() {
            MapMessage::Update { key, value } => context.update(UnitAgent::MAP, key, value).boxed(),
            MapMessage::Remove { key } => context.remove(UnitAgent::MAP, key).boxed(),
            MapMessage::Clear => context.clear(UnitAgent::MAP).boxed(),
            MapMessage::Drop(count) => retain(context, move |index| index >= count).boxed(),
            MapMessage::Take(count) => retain(context, move |index| index < count).boxed(),
        }
    }

    /// `n` puts n entries with the keys 0 … n-1; `{count,prefix,from,value}` says more.
    #[on_command(fill)]
    fn fill(&self, context: Context, body: &Value) -> impl EventHandler<UnitAgent> {
        let count = limited(whole(body).or_else(|| slot(body, "count").and_then(whole)));
        let from = slot(body, "from").and_then(whole).unwrap_or(0);
        let prefix = slot(body, "prefix").map(text);
        let value = slot(body, "value").cloned();
        Sequentially::new((from..from.saturating_add(count)).map(move |n| {
            let key = match &prefix {
                Some(start) => Value::text(format!("{start}{n}")),
                None => number(n),
            };
            context.update(UnitAgent::MAP, key, value.clone().unwrap_or_else(|| number(n)))
        }))
    }

    /// `{count,keys}`: count steps over the keys c0 … c(keys-1), every third a remove, the others updates.
    #[on_command(churn)]
    fn churn(&self, context: Context, body: &Value) -> impl EventHandler<UnitAgent> {
        let count = limited(whole(body).or_else(|| slot(body, "count").and_then(whole)));
        let keys = slot(body, "keys").and_then(whole).unwrap_or(7).max(1);
        Sequentially::new((0..count).map(move |step| {
            let key = Value::text(format!("c{}", step % keys));
            if step % 3 == 2 {
                context.remove(UnitAgent::MAP, key).boxed()
            } else {
                context.update(UnitAgent::MAP, key, number(step)).boxed()
            }
        }))
    }

    /// `{key,count}`: puts the values 1 … count under one key within one handler.
    #[on_command(burst)]
    fn burst(&self, context: Context, body: &Value) -> impl EventHandler<UnitAgent> {
        let count = limited(whole(body).or_else(|| slot(body, "count").and_then(whole)));
        let key = slot(body, "key").cloned().unwrap_or_else(|| Value::text("burst"));
        Sequentially::new((1..=count).map(move |n| context.update(UnitAgent::MAP, key.clone(), number(n))))
    }

    #[on_command(emit)]
    fn emit(&self, context: Context, body: &Value) -> impl EventHandler<UnitAgent> {
        context.supply(UnitAgent::PULSE, body.clone())
    }

    #[on_command(cue)]
    fn cue(&self, context: Context, body: &Value) -> Handler<'static> {
        match whole(body) {
            Some(key) => context.cue_key(UnitAgent::SQUARES, key as i32).boxed(),
            None => context.cue(UnitAgent::NOW).boxed(),
        }
    }

    #[on_command(fail)]
    fn fail(&self, context: Context, body: &Value) -> impl EventHandler<UnitAgent> {
        let why = std::io::Error::new(std::io::ErrorKind::Other, text(body));
        HandlerActionExt::<UnitAgent>::discard(context.fail::<(), _>(why))
    }

    #[on_command(stop)]
    fn stop(&self, context: Context, _body: &Value) -> impl EventHandler<UnitAgent> {
        context.stop()
    }

    /// What becomes of `recorded` goes into the record, where one is kept, before anybody is told. A lane of its own: with these
    /// handlers on `map`, 9 to 23 of 29 keys of every kind reached a second client, and all 29 without them.
    #[on_update(recorded)]
    fn updated(
        &self,
        context: Context,
        _map: &HashMap<Value, Value>,
        key: Value,
        _previous: Option<Value>,
        value: &Value,
    ) -> impl EventHandler<UnitAgent> {
        let value = text(value);
        context.effect(move || record(Change::Hold { key: &text(&key), value: &value }))
    }

    #[on_remove(recorded)]
    fn removed(
        &self,
        context: Context,
        _map: &HashMap<Value, Value>,
        key: Value,
        _previous: Value,
    ) -> impl EventHandler<UnitAgent> {
        context.effect(move || record(Change::Drop { key: &text(&key) }))
    }

    #[on_clear(recorded)]
    fn cleared(&self, context: Context, _before: HashMap<Value, Value>) -> impl EventHandler<UnitAgent> {
        context.effect(|| record(Change::Clear))
    }

    #[on_update(upper)]
    fn upper(
        &self,
        context: Context,
        _map: &HashMap<Value, String>,
        key: Value,
        _previous: Option<String>,
        value: &String,
    ) -> impl EventHandler<UnitAgent> {
        let wanted = value.to_uppercase();
        let change = (*value != wanted).then(|| context.update(UnitAgent::UPPER, key, wanted));
        HandlerActionExt::<UnitAgent>::discard(change)
    }

    #[on_update(positive)]
    fn positive(
        &self,
        context: Context,
        _map: &HashMap<Value, i64>,
        key: Value,
        previous: Option<i64>,
        value: &i64,
    ) -> Handler<'static> {
        match previous {
            _ if *value >= 0 => context.value(()).boxed(),
            Some(before) => context.update(UnitAgent::POSITIVE, key, before).boxed(),
            None => context.remove(UnitAgent::POSITIVE, key).boxed(),
        }
    }

    #[on_event(clamped)]
    fn clamp(&self, context: Context, value: &i64) -> impl EventHandler<UnitAgent> {
        let wanted = (*value).clamp(0, 100);
        let change = (*value != wanted).then(|| context.set_value(UnitAgent::CLAMPED, wanted));
        HandlerActionExt::<UnitAgent>::discard(change)
    }

    #[on_cue(now)]
    fn now(&self, context: Context) -> impl HandlerAction<UnitAgent, Completion = Value> {
        context.get_map(UnitAgent::MAP).map(|map: HashMap<Value, Value>| number(map.len() as i64))
    }

    #[keys(squares)]
    fn square_keys(&self, context: Context) -> impl HandlerAction<UnitAgent, Completion = HashSet<i32>> {
        context.value((1..=3).collect())
    }

    #[on_cue_key(squares)]
    fn square(&self, context: Context, key: i32) -> impl HandlerAction<UnitAgent, Completion = Option<i32>> {
        context.value(key.checked_mul(key))
    }
}

fn limited(count: Option<i64>) -> i64 {
    count.unwrap_or(0).clamp(0, MAX_COUNT)
}

/// Keeps the entries whose place in the order of keys is wanted.
fn retain(context: Context, wanted: impl Fn(u64) -> bool + Send + 'static) -> impl EventHandler<UnitAgent> {
    context.get_map(UnitAgent::MAP).and_then(move |map: HashMap<Value, Value>| {
        let mut keys: Vec<Value> = map.into_keys().collect();
        keys.sort();
        let unwanted: Vec<Value> =
            keys.into_iter().enumerate().filter(|(index, _)| !wanted(*index as u64)).map(|(_, key)| key).collect();
        Sequentially::new(unwanted.into_iter().map(move |key| context.remove(UnitAgent::MAP, key)))
    })
}
