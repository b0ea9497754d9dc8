/** What answers take: time to the first token, tokens in a second, waits. */
package ai.postdev.dragon.model.metrics;
