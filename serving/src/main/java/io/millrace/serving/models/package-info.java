/**
 * The models that a server answers with. Begin with {@link io.millrace.serving.models.ServedModel},
 * which is one loaded version, then {@code ModelSlot}, which has a name and the version that
 * answers now.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>A request takes one version and keeps it to its end, so an answer is wholly one version's.
 *       A version that was replaced ends when the last of its requests has.
 *   <li>A row of an answer is the node's probabilities, and its embedding if the server has them;
 *       it is what the cache keeps.
 *   <li>A new node is computed alone and is not kept: its draws depend on its temporary id, which
 *       would depend on its company.
 * </ul>
 */
package io.millrace.serving.models;
