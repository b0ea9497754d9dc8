/** Engines that run language models behind one port, and what is asked of them. Knows no actors and no processes. */
package ai.postdev.dragon.model.engine;
