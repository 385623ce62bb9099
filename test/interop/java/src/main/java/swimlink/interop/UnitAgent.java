package swimlink.interop;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import swim.api.SwimLane;
import swim.api.agent.AbstractAgent;
import swim.api.lane.CommandLane;
import swim.api.lane.DemandLane;
import swim.api.lane.DemandMapLane;
import swim.api.lane.ListLane;
import swim.api.lane.MapLane;
import swim.api.lane.SupplyLane;
import swim.api.lane.ValueLane;
import swim.structure.Num;
import swim.structure.Text;
import swim.structure.Value;

/** /unit/:id: one lane of each kind, and command lanes by which a test has the host itself change them. */
public class UnitAgent extends AbstractAgent {

  /** No command may ask for more entries or steps than this. */
  private static final long MAX_COUNT = 2_000_000L;

  @SwimLane("map")
  MapLane<Value, Value> map = this.<Value, Value>mapLane();

  @SwimLane("shoppingCart")
  MapLane<String, Integer> shoppingCart = this.<String, Integer>mapLane();

  /** Transforms before the change: what is stored is the upper case. */
  @SwimLane("upper")
  MapLane<Value, String> upper = this.<Value, String>mapLane()
      .willUpdate((key, value) -> value == null ? null : value.toUpperCase(Locale.ROOT));

  /** Transforms after the change, by a second one. */
  @SwimLane("lower")
  MapLane<Value, String> lower = this.<Value, String>mapLane()
      .didUpdate(this::makeLower);

  /** Refuses what is negative: puts back what was there, or removes. */
  @SwimLane("positive")
  MapLane<Value, Long> positive = this.<Value, Long>mapLane()
      .didUpdate(this::refuseNegative)
      .didRemove((key, oldValue) -> this.accepted.remove(key))
      .didClear(() -> this.accepted.clear());

  /** What {@code positive} held last that was not refused: a number form makes an absent old value a 0. */
  private final Map<Value, Long> accepted = new HashMap<>();

  @SwimLane("list")
  ListLane<Value> list = this.<Value>listLane();

  @SwimLane("value")
  ValueLane<Value> value = this.<Value>valueLane();

  /** Held between 0 and 100. */
  @SwimLane("clamped")
  ValueLane<Long> clamped = this.<Long>valueLane()
      .willSet(wanted -> wanted == null ? 0L : Math.max(0L, Math.min(100L, wanted)));

  /** The lane that the policy of a host with an authenticator keeps for who has authenticated. */
  @SwimLane("secret")
  MapLane<Value, Value> secret = this.<Value, Value>mapLane();

  /** The lane that the policy of a host with an authenticator keeps from everybody. */
  @SwimLane("denied")
  MapLane<Value, Value> denied = this.<Value, Value>mapLane();

  @SwimLane("addItem")
  CommandLane<Value> addItem = this.<Value>commandLane()
      .onCommand(this::countItem);

  /** Changes {@code map} from the host's side: the body is what a client would have sent to {@code map} itself. */
  @SwimLane("remote")
  CommandLane<Value> remote = this.<Value>commandLane()
      .onCommand(this::changeMap);

  /** {@code n} puts n entries with the keys 0 … n-1; {@code {count,prefix,from,value}} says more. */
  @SwimLane("fill")
  CommandLane<Value> fill = this.<Value>commandLane()
      .onCommand(this::fillMap);

  /** {@code {count,keys}}: count steps over the keys c0 … c(keys-1), every third a remove, the others updates. */
  @SwimLane("churn")
  CommandLane<Value> churn = this.<Value>commandLane()
      .onCommand(this::churnMap);

  /** {@code {key,count}}: puts the values 1 … count under one key within one handler. */
  @SwimLane("burst")
  CommandLane<Value> burst = this.<Value>commandLane()
      .onCommand(this::burstMap);

  @SwimLane("echo")
  CommandLane<Value> echo = this.<Value>commandLane();

  @SwimLane("pulse")
  SupplyLane<Value> pulse = this.<Value>supplyLane();

  @SwimLane("emit")
  CommandLane<Value> emit = this.<Value>commandLane()
      .onCommand(body -> this.pulse.push(body));

  /** How many entries {@code map} has. */
  @SwimLane("now")
  DemandLane<Value> now = this.<Value>demandLane()
      .onCue(uplink -> Num.from(this.map.size()));

  @SwimLane("squares")
  DemandMapLane<Integer, Integer> squares = this.<Integer, Integer>demandMapLane()
      .onCue((key, uplink) -> key * key)
      .onSync(uplink -> squareKeys());

  /** A number cues that key of {@code squares}; anything else cues {@code now}. */
  @SwimLane("cue")
  CommandLane<Value> cue = this.<Value>commandLane()
      .onCommand(this::cueLanes);

  @SwimLane("fail")
  CommandLane<Value> fail = this.<Value>commandLane()
      .onCommand(body -> {
        throw new IllegalStateException(body.stringValue("asked to fail"));
      });

  @SwimLane("stop")
  CommandLane<Value> stop = this.<Value>commandLane()
      .onCommand(body -> this.close());

  private void countItem(Value item) {
    final String key = item.stringValue("");
    final Integer count = this.shoppingCart.get(key);
    this.shoppingCart.put(key, count == null ? 1 : count + 1);
  }

  private void changeMap(Value body) {
    final String tag = body.tag();
    if ("update".equals(tag)) {
      this.map.put(body.header(tag).get("key"), body.body());
    } else if ("remove".equals(tag)) {
      this.map.remove(body.header(tag).get("key"));
    } else if ("clear".equals(tag)) {
      this.map.clear();
    } else if ("drop".equals(tag)) {
      this.map.drop(body.header(tag).intValue(0));
    } else if ("take".equals(tag)) {
      this.map.take(body.header(tag).intValue(0));
    }
  }

  private void fillMap(Value body) {
    final long count = countOf(body);
    final long from = body.get("from").longValue(0L);
    final String prefix = body.get("prefix").stringValue(null);
    final Value given = body.get("value");
    for (long n = from; n < from + count; n += 1) {
      final Value key = prefix == null ? Num.from(n) : Text.from(prefix + n);
      this.map.put(key, given.isDefined() ? given : Num.from(n));
    }
  }

  private void churnMap(Value body) {
    final long count = countOf(body);
    final long keys = Math.max(1L, body.get("keys").longValue(7L));
    for (long step = 0; step < count; step += 1) {
      final Value key = Text.from("c" + step % keys);
      if (step % 3 == 2) {
        this.map.remove(key);
      } else {
        this.map.put(key, Num.from(step));
      }
    }
  }

  private void burstMap(Value body) {
    final long count = countOf(body);
    final Value given = body.get("key");
    final Value key = given.isDefined() ? given : Text.from("burst");
    for (long n = 1; n <= count; n += 1) {
      this.map.put(key, Num.from(n));
    }
  }

  private void makeLower(Value key, String newValue, String oldValue) {
    final String wanted = newValue == null ? null : newValue.toLowerCase(Locale.ROOT);
    if (wanted != null && !wanted.equals(newValue)) {
      this.lower.put(key, wanted);
    }
  }

  private void refuseNegative(Value key, Long newValue, Long oldValue) {
    if (newValue == null) {
      return;
    }
    if (newValue >= 0L) {
      this.accepted.put(key, newValue);
      return;
    }
    final Long before = this.accepted.get(key);
    if (before != null) {
      this.positive.put(key, before);
    } else {
      this.positive.remove(key);
    }
  }

  private void cueLanes(Value body) {
    if (body instanceof Num) {
      this.squares.cue(body.intValue(0));
    } else {
      this.now.cue();
    }
  }

  private static Iterator<Integer> squareKeys() {
    return Arrays.asList(1, 2, 3).iterator();
  }

  private static long countOf(Value body) {
    final long wanted = body instanceof Num ? body.longValue(0L) : body.get("count").longValue(0L);
    return Math.max(0L, Math.min(MAX_COUNT, wanted));
  }

}
