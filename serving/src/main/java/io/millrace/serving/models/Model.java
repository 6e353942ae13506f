package io.millrace.serving.models;

import io.millrace.datasets.overlay.NewNode;
import java.util.List;

/** Something that answers under a name. Thread-safe. */
public interface Model extends AutoCloseable {
  /** Its name in addresses. */
  String name();

  /** What its answers look like. */
  ModelShape shape();

  /** The version that answers now. */
  String version();

  /**
   * Predicts nodes of the graph.
   *
   * @param deadline by {@link System#nanoTime}
   * @throws io.millrace.serving.protocol.RequestException if there is no answer in time
   */
  Answer predict(int[] nodes, long deadline);

  /**
   * Predicts nodes that the graph does not have.
   *
   * @param deadline by {@link System#nanoTime}
   * @throws io.millrace.serving.protocol.RequestException if there is no answer in time
   */
  Answer predictNew(List<NewNode> nodes, long deadline);

  /** Ends it; requests that are being answered end well. */
  @Override
  void close();
}
