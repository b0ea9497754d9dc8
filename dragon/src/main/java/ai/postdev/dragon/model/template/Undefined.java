package ai.postdev.dragon.model.template;

/** What a name stands for that nothing was given to: writes nothing, is false, and cannot be gone into. */
record Undefined(String name) {
    TemplateException used() {
        return new TemplateException("'" + name + "' is undefined");
    }
}
