/** Which model answers when the one that was asked for cannot: a pure state machine for each request. */
package ai.postdev.dragon.model.fallback;
