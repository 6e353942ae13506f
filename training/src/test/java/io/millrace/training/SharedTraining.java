package io.millrace.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.millrace.ranks.Collective;
import io.millrace.ranks.InProcessCollective;
import io.millrace.ranks.ring.RingListener;
import io.millrace.ranks.ring.RingSettings;
import io.millrace.training.torch.TorchEngine;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Runs the ranks of a training as threads of a test, and waits for all of them. */
public final class SharedTraining {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private SharedTraining() {}

  /** What a rank does with its collective, which is closed afterwards. */
  @FunctionalInterface
  public interface Body<T> {
    T run(Collective collective) throws Exception;
  }

  /** How a rank ended. */
  public record End<T>(Optional<T> result, Optional<Throwable> failure) {
    public T get() {
      failure.ifPresent(
          it -> {
            throw new IllegalStateException(it);
          });
      return result.orElseThrow();
    }
  }

  public static <T> List<End<T>> inProcess(int size, Body<T> body) {
    List<InProcessCollective> group = InProcessCollective.group(size, LIMIT);
    return run(size, group::get, body);
  }

  public static <T> List<End<T>> overTcp(int size, Body<T> body) {
    List<RingListener> listeners = new ArrayList<>();
    for (int r = 0; r < size; r++) {
      listeners.add(RingListener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    }
    List<InetSocketAddress> addresses = listeners.stream().map(RingListener::address).toList();
    return run(
        size,
        rank ->
            listeners
                .get(rank)
                .join(
                    RingSettings.of(addresses, rank, "a secret of the tests".getBytes())
                        .withLimits(LIMIT, LIMIT, LIMIT)),
        body);
  }

  private static <T> List<End<T>> run(
      int size, Function<Integer, Collective> collectives, Body<T> body) {
    List<CompletableFuture<T>> all =
        IntStream.range(0, size)
            .mapToObj(
                rank -> {
                  CompletableFuture<T> result = new CompletableFuture<>();
                  Thread.ofPlatform()
                      .daemon()
                      .start(
                          () -> {
                            try (Collective collective = collectives.apply(rank)) {
                              result.complete(body.run(collective));
                            } catch (Throwable t) {
                              result.completeExceptionally(t);
                            }
                          });
                  return result.orTimeout(300, TimeUnit.SECONDS);
                })
            .toList();
    return all.stream().map(SharedTraining::end).toList();
  }

  private static <T> End<T> end(CompletableFuture<T> future) {
    try {
      return new End<>(Optional.of(future.join()), Optional.empty());
    } catch (CompletionException e) {
      return new End<>(Optional.empty(), Optional.of(e.getCause()));
    }
  }

  /** A hash of all weights and running statistics. */
  public static String weights(GraphTrainer trainer) {
    int hash = 1;
    try (NDManager manager = TorchEngine.newManager();
        NDList weights = trainer.model().weights(manager)) {
      for (NDArray array : weights) {
        hash = 31 * hash + Arrays.hashCode(array.toFloatArray());
      }
    }
    return Integer.toHexString(hash);
  }
}
