/**
 * HTTP: which address does what, who may call it, and how an answer is written. Begin with {@link
 * io.millrace.serving.http.HttpApi}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The JDK's server, with a virtual thread per request: it needs no jar, is in every runtime
 *       image, and costs less than a tenth of a prediction. {@code docs/serve.md} has the
 *       measurement against Helidon, which costs a third of it.
 *   <li>A body is read up to a limit, and beyond it the rest is passed over, up to a limit of its
 *       own, so that the client can read why it is refused.
 * </ul>
 */
package io.millrace.serving.http;
