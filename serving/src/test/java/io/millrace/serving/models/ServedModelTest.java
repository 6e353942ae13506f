package io.millrace.serving.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.batching.RecentTimes;
import io.millrace.serving.cache.AnswerCache;
import io.millrace.serving.metrics.ServerMetrics;
import io.millrace.serving.protocol.RequestException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One version, with rows that are made up. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ServedModelTest {
  private static final long LONG = 60_000_000_000L;

  private final AnswerCache<AnswerKey> cache = new AnswerCache<>(1 << 20, () -> {});

  /** Rows that a function makes. */
  private static final class Rows implements RowSource {
    private final Consumer<Ask> function;
    private volatile boolean closed;

    Rows(Consumer<Ask> function) {
      this.function = function;
    }

    @Override
    public void compute(List<Ask> batch) {
      batch.forEach(function);
    }

    @Override
    public boolean isStored() {
      return false;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private ServedModel model(String weights, RowSource rows) {
    ModelSettings settings =
        new ModelSettings(
            LONG,
            ModelSettings.Mode.EXACT,
            Optional.empty(),
            0,
            false,
            OptionalLong.of(100),
            100,
            0,
            1,
            1,
            1);
    return new ServedModel(
        "m",
        1,
        new AnswerKey.Scope(weights, "{}", "d", "EXACT", "-1", 0, false),
        new ModelShape(1, false, 0, 1),
        rows,
        new ModelContext(null, settings, cache, new ServerMetrics(), new RecentTimes()),
        1);
  }

  private static float[] row(ServedModel model, int node) {
    long deadline = System.nanoTime() + LONG;
    return Waiting.row(model.rows(new int[] {node}, deadline).getFirst(), deadline);
  }

  @Test
  void batchThatThrowsFailsItsRequestsAndTheNextIsFine() throws InterruptedException {
    Rows rows =
        new Rows(
            ask -> {
              if (ask.node() == 13) {
                throw new IllegalStateException("injected");
              }
              ask.complete(new float[] {ask.node()});
            });
    ServedModel model = model("w", rows);
    RequestException e = assertThrows(RequestException.class, () -> row(model, 13));
    assertEquals(500, e.status());
    assertEquals("the model failed", e.getMessage(), "and nothing of its inside");
    assertArrayEquals(new float[] {7}, row(model, 7));
    assertEquals(0, model.pending());
    for (int i = 0; cache.pending() > 0; i++) {
      assertTrue(i < 10_000, "nobody waits for it for ever");
      Thread.sleep(1); // the answer is there before it is counted
    }
    assertThrows(RequestException.class, () -> row(model, 13), "a failure is not kept");
    model.retire();
    model.awaitFreed();
  }

  @Test
  void asksAgainForARowThatAnotherRequestHadNoTimeForButNotForItsOwn() {
    List<Integer> computed = Collections.synchronizedList(new ArrayList<>());
    ServedModel model =
        model(
            "w",
            new Rows(
                ask -> {
                  computed.add(ask.node());
                  ask.complete(new float[] {ask.node()});
                }));
    CompletableFuture<float[]> expired = CompletableFuture.failedFuture(RequestException.expired());
    long deadline = System.nanoTime() + LONG;
    assertArrayEquals(
        new float[] {7}, ModelSlot.row(model, 7, new AnswerCache.Lookup(expired, false), deadline));
    RequestException e =
        assertThrows(
            RequestException.class,
            () -> ModelSlot.row(model, 8, new AnswerCache.Lookup(expired, true), deadline));
    assertEquals(504, e.status());
    assertEquals(List.of(7), computed);
    model.retire();
    model.awaitFreed();
  }

  @Test
  void warmsUpWithBatchesOfAllSizes() {
    List<Integer> sizes = new ArrayList<>();
    RowSource rows =
        new RowSource() {
          @Override
          public void compute(List<Ask> batch) {
            sizes.add(batch.size() - 1); // and a new node
          }

          @Override
          public boolean isStored() {
            return false;
          }

          @Override
          public void close() {}
        };
    ServedModel model = model("w", rows);
    model.warm(40);
    assertEquals(1, sizes.getFirst());
    assertTrue(sizes.stream().allMatch(it -> it <= 40), sizes.toString());
    model.retire();
    model.awaitFreed();
  }

  @Test
  void rowThatIsNotFiniteIsAFaultOfItsNodeAlone() {
    ServedModel model =
        model("w", new Rows(ask -> ask.complete(new float[] {ask.node() / (ask.node() - 1f)})));
    RequestException e = assertThrows(RequestException.class, () -> row(model, 1));
    assertEquals(500, e.status());
    assertEquals("the model gives no finite number: value=Infinity", e.getMessage());
    assertArrayEquals(new float[] {2}, row(model, 2));
    model.retire();
    model.awaitFreed();
  }

  @Test
  void versionsShareTheCacheButNoAnswer() {
    ServedModel first = model("w1", new Rows(ask -> ask.complete(new float[] {1})));
    ServedModel second = model("w2", new Rows(ask -> ask.complete(new float[] {2})));
    for (int time = 0; time < 2; time++) {
      assertArrayEquals(new float[] {1}, row(first, 7));
      assertArrayEquals(new float[] {2}, row(second, 7));
    }
    assertEquals(2, cache.size());
    first.retire();
    second.retire();
  }

  @Test
  void isFreedWhenTheLastRequestHasEnded() {
    Rows rows = new Rows(ask -> ask.complete(new float[1]));
    ServedModel model = model("w", rows);
    assertTrue(model.acquire());
    model.retire();
    assertFalse(model.isFreed());
    assertArrayEquals(new float[1], row(model, 3), "a request that has begun ends well");
    model.release();
    model.awaitFreed();
    assertTrue(rows.closed);
    assertFalse(model.acquire());
  }

  @Test
  void membersAreReleasedThoughAskingFails() {
    Rows rows = new Rows(ask -> ask.complete(new float[1]));
    ServedModel model = model("w", rows);
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (MemberAnswers all = new MemberAnswers(1, 1)) {
            assertTrue(model.acquire());
            all.ask(
                0,
                model,
                (_, _) -> {
                  throw new IllegalStateException("injected");
                },
                0);
          }
        });
    model.retire();
    model.awaitFreed();
    assertTrue(rows.closed);
  }

  @Test
  void answersOfMembersAreWeighedAndTheMissingOneIsLeftOut() {
    ServedModel model = model("w", new Rows(ask -> ask.complete(new float[1])));
    try (MemberAnswers all = new MemberAnswers(3, 1)) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<float[]> answer =
            i == 1 ? new CompletableFuture<>() : CompletableFuture.completedFuture(new float[] {i});
        assertTrue(model.acquire());
        all.ask(i, model, (_, _) -> List.of(answer), 0);
      }
      all.await(System.nanoTime());
      assertFalse(all.isComplete(1));
      assertEquals(
          0.75f, all.combined(new double[] {0.5, 0.3, 0.3}, 1).getFirst()[0], 1e-6, "2 * 3 / 8");
    }
    model.retire();
    model.awaitFreed();
  }
}
