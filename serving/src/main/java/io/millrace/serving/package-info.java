/**
 * Predictions over HTTP: trained models over one graph, behind the Open Inference Protocol. Begin
 * with {@link io.millrace.serving.PredictionServer}, then {@code HttpApi}, {@code ModelSlot} and
 * {@code BatchQueue}.
 *
 * <pre>
 *   http -> protocol -> models -> cache -> batching -> NodeScorer of training
 *                         |
 *                      selection (several models that answer as one)
 * </pre>
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>There are no default answers: a node is predicted, or the request fails with its reason.
 *   <li>A server listens on loopback unless it is told otherwise. What stands before it on a
 *       network, a proxy that knows its clients, is not its business.
 * </ul>
 */
package io.millrace.serving;
