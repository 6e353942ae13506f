package io.millrace.training;

/**
 * How well the model does on a set of nodes.
 *
 * @param accuracy share of the nodes whose class is predicted right, 0 to 1
 * @param loss mean softmax cross-entropy per node, in nats
 * @param numNodes labelled nodes that were looked at
 */
public record Evaluation(double accuracy, double loss, long numNodes) {
  @Override
  public String toString() {
    return "accuracy %.4f, loss %.4f, %d nodes".formatted(accuracy, loss, numNodes);
  }
}
