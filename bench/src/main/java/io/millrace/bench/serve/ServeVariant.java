package io.millrace.bench.serve;

import io.millrace.serving.models.ModelSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A way to serve.
 *
 * @param cacheBytes of answers
 * @param zipf popularity of nodes
 * @param timeoutMillis that clients give
 */
record ServeVariant(
    String name, ModelSettings settings, long cacheBytes, double zipf, OptionalLong timeoutMillis) {
  private static final long CACHE = 64 << 20;
  private static final long FOR_EVER = 600_000;
  private static final int FIXED = 64;

  /** The server as it is, without each of its means, and with popular nodes. */
  static List<ServeVariant> all(ModelSettings settings) {
    List<ServeVariant> variants = new ArrayList<>();
    variants.add(new ServeVariant("millrace", settings, 0, 0, OptionalLong.empty()));
    variants.add(
        new ServeVariant("batches of 1", batches(settings, 1), 0, 0, OptionalLong.empty()));
    variants.add(
        new ServeVariant("batches of 64", batches(settings, FIXED), 0, 0, OptionalLong.empty()));
    variants.add(new ServeVariant("no shedding", settings, 0, 0, OptionalLong.of(FOR_EVER)));
    variants.add(new ServeVariant("Zipf", settings, 0, 1, OptionalLong.empty()));
    variants.add(new ServeVariant("Zipf, cache", settings, CACHE, 1, OptionalLong.empty()));
    return variants;
  }

  /** A server whose settings are its own. */
  static ServeVariant another(ModelSettings settings) {
    return new ServeVariant("server", settings, 0, 0, OptionalLong.empty());
  }

  private static ModelSettings batches(ModelSettings it, int size) {
    return new ModelSettings(
        it.sloNanos(),
        it.mode(),
        it.fanout(),
        it.seed(),
        it.embeddings(),
        it.maxEdges(),
        it.queue(),
        it.maxDelayNanos(),
        size,
        0,
        it.computeThreads());
  }
}
