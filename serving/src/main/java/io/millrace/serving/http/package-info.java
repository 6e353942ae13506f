/**
 * HTTP: which address does what, who may call it, and how an answer is written. Begin with {@link
 * io.millrace.serving.http.HttpApi}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>The JDK's server, with a virtual thread per connection: it needs no jar, is in every
 *       runtime image, and answers some thousand small requests per second and core, which is more
 *       than a graph network computes.
 *   <li>A body is read up to a limit, and beyond it the rest is passed over, up to a limit of its
 *       own, so that the client can read why it is refused.
 * </ul>
 */
package io.millrace.serving.http;
