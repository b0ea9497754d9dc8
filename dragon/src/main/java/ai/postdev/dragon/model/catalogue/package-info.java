/**
 * The models of a node: where they come from, what is known of each, and the folder that keeps them. Plain classes that
 * block.
 */
package ai.postdev.dragon.model.catalogue;
