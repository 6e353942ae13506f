package io.millrace.ranks.params;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.millrace.BadInputException;
import io.millrace.ranks.Collective;
import io.millrace.ranks.FloatSums;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Named arrays that ranks change by adding to them, as the {@code kvstore} of MXNet and the tables
 * of Petuum: {@link #push} adds, {@link #pull} reads, {@link #clock} ends an iteration.
 *
 * <p>A rank sees what it has pushed itself at once, and what the others have pushed at the latest
 * when it is {@code staleness} iterations old. A store that is {@link #sync(Collective, Map)
 * synchronous} sees all of it after each {@link #clock}.
 *
 * <p>The collective stays the caller's; while the store is in use it is the store's alone. All
 * ranks call {@link #clock} and {@link #sync()} equally often. Used by one thread.
 */
public final class KeyValueStore implements AutoCloseable {
  private static final int ALIGNMENT = 64;

  private record Place(long at, int length) {}

  private final Map<String, Place> places = new LinkedHashMap<>();

  /** What all ranks have added, as far as it has arrived. */
  private final MemorySegment values;

  /** What this rank has added in the present iteration. */
  private MemorySegment present;

  /** What this rank has added in earlier iterations whose sums have not been applied. */
  private final Deque<MemorySegment> underWay = new ArrayDeque<>();

  private final Deque<MemorySegment> free = new ArrayDeque<>();
  private final ParamStore store;

  KeyValueStore(Map<String, float[]> initial, Function<ParamStore.Updater, ParamStore> store) {
    long bytes = 0;
    for (Map.Entry<String, float[]> entry : new TreeMap<>(initial).entrySet()) {
      places.put(entry.getKey(), new Place(bytes, entry.getValue().length));
      bytes += (long) entry.getValue().length * Float.BYTES;
    }
    values = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    places.forEach(
        (key, place) ->
            MemorySegment.copy(initial.get(key), 0, values, JAVA_FLOAT, place.at, place.length));
    present = Arena.ofAuto().allocate(bytes, ALIGNMENT);
    this.store = store.apply(this::apply);
  }

  /**
   * A store in which {@link #pull} waits for the updates of all ranks. All ranks call it together.
   *
   * @param initial the values to begin with; those of rank 0 count, the others' give the lengths
   * @throws BadInputException if the ranks have other keys or lengths; on all ranks
   */
  public static KeyValueStore sync(Collective ranks, Map<String, float[]> initial) {
    return of(ranks, Staleness.NONE, initial);
  }

  /**
   * A store in which a rank may be ahead of the slowest by so many iterations, and reads what has
   * arrived. All ranks call it together.
   *
   * @param bound iterations, at least 1
   * @param initial as in {@link #sync(Collective, Map)}
   * @throws BadInputException if the bound is out of range, or the ranks have other keys or lengths
   */
  public static KeyValueStore async(Collective ranks, int bound, Map<String, float[]> initial) {
    return of(ranks, new Staleness(bound, Staleness.Read.FRESH), initial);
  }

  /**
   * A store with any staleness. All ranks call it together.
   *
   * @param initial as in {@link #sync(Collective, Map)}
   * @throws BadInputException if the ranks have other keys or lengths
   */
  public static KeyValueStore of(
      Collective ranks, Staleness staleness, Map<String, float[]> initial) {
    requireSameKeys(ranks, initial);
    KeyValueStore store =
        new KeyValueStore(
            initial, updater -> ParamStore.of(ranks, bytes(initial), staleness, updater));
    MemorySegment first =
        MemorySegment.ofArray(ranks.broadcast(store.values.toArray(JAVA_BYTE), 0));
    store.values.copyFrom(first);
    return store;
  }

  private static long bytes(Map<String, float[]> initial) {
    return initial.values().stream().mapToLong(it -> (long) it.length * Float.BYTES).sum();
  }

  private static void requireSameKeys(Collective ranks, Map<String, float[]> initial) {
    Map<String, Integer> lengths = new TreeMap<>();
    initial.forEach((key, value) -> lengths.put(key, value.length));
    List<String> all =
        ranks.allGather(lengths.toString().getBytes(StandardCharsets.UTF_8)).stream()
            .map(it -> new String(it, StandardCharsets.UTF_8))
            .toList();
    for (int r = 1; r < all.size(); r++) {
      if (!all.get(r).equals(all.getFirst())) {
        throw BadInputException.of(
            "all ranks need the same keys and lengths",
            "rank 0",
            all.getFirst(),
            "rank " + r,
            all.get(r));
      }
    }
  }

  private Place place(String key, int length) {
    Place place = places.get(key);
    if (place == null || length >= 0 && length != place.length) {
      throw BadInputException.of(
          "a key and its length must be those of the store", "key", key, "length", length);
    }
    return place;
  }

  /**
   * Adds to the values of a key: on this rank at once, on the others when this iteration has
   * arrived.
   *
   * @throws BadInputException if there is no such key, or it has another length
   */
  public void push(String key, float[] added) {
    Place place = place(key, added.length);
    for (int i = 0; i < added.length; i++) {
      long at = place.at + (long) i * Float.BYTES;
      present.set(JAVA_FLOAT, at, present.get(JAVA_FLOAT, at) + added[i]);
    }
  }

  /**
   * The values of a key, this rank's own additions among them; waits until the bound permits to
   * read in the present iteration.
   *
   * @return a copy
   * @throws BadInputException if there is no such key
   * @throws io.millrace.ranks.RankFailedException if a rank has failed
   */
  public float[] pull(String key) {
    Place place = place(key, -1);
    store.pull();
    return seen(place);
  }

  private float[] seen(Place place) {
    float[] seen = part(values, place);
    underWay.forEach(it -> add(seen, part(it, place)));
    add(seen, part(present, place));
    return seen;
  }

  private static float[] part(MemorySegment of, Place place) {
    return of.asSlice(place.at, (long) place.length * Float.BYTES).toArray(JAVA_FLOAT);
  }

  private static void add(float[] sum, float[] added) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += added[i];
    }
  }

  /**
   * Ends the present iteration: what was pushed is on its way to the others.
   *
   * @return the number of the next iteration
   * @throws io.millrace.ranks.RankFailedException if a rank has failed
   */
  public long clock() {
    store.push(present);
    underWay.add(present);
    present = free.isEmpty() ? Arena.ofAuto().allocate(values.byteSize(), ALIGNMENT) : free.pop();
    present.fill((byte) 0);
    return store.clock();
  }

  /**
   * Waits until all ranks have ended as many iterations as this one, and reads all of them.
   *
   * @throws io.millrace.ranks.RankFailedException if a rank has failed
   */
  public void sync() {
    store.sync();
  }

  private void apply(long clock, MemorySegment sum) {
    FloatSums.add(values, sum);
    free.push(underWay.pop()); // it is part of the sum
  }

  @Override
  public void close() {
    store.close();
  }
}
