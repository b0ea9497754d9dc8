package ai.postdev.dragon.lake.syntax;

import static ai.postdev.dragon.lake.syntax.Rule.define;
import static ai.postdev.dragon.lake.syntax.Rule.importing;
import static ai.postdev.dragon.lake.syntax.Rule.through;

import ai.postdev.actors.code.Language;
import ai.postdev.dragon.lake.syntax.Rule.Special;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * For each language, which node types of its grammar are definitions and where to look for more. A new language needs
 * its grammar's jar, one method here and one case in {@link #of}; types that a grammar does not know are an error when
 * it is loaded, so a changed grammar cannot lose symbols unseen.
 */
final class GrammarRules {
    private static final Set<Language> COVERED = EnumSet.of(
            Language.JAVA,
            Language.PYTHON,
            Language.GO,
            Language.RUST,
            Language.TYPESCRIPT,
            Language.TSX,
            Language.JAVASCRIPT,
            Language.C,
            Language.CPP,
            Language.KOTLIN,
            Language.BASH);

    private final String library;
    private final Map<String, Rule> byType = new HashMap<>();

    private GrammarRules(String library) {
        this.library = library;
    }

    /** The rules for a language; empty if it has no grammar here. */
    static Optional<GrammarRules> of(Language language) {
        return switch (language) {
            case JAVA -> Optional.of(java());
            case PYTHON -> Optional.of(python());
            case GO -> Optional.of(go());
            case RUST -> Optional.of(rust());
            case TYPESCRIPT -> Optional.of(typescript("typescript"));
            // The packaged grammars lack TSX; TypeScript's reads most of it, and trips over some elements.
            case TSX -> Optional.of(typescript(NativeLibraries.exists("tree-sitter-tsx") ? "tsx" : "typescript"));
            case JAVASCRIPT -> Optional.of(javascript());
            case C -> Optional.of(c(new GrammarRules("c")));
            case CPP -> Optional.of(cpp());
            case KOTLIN -> Optional.of(kotlin());
            case BASH -> Optional.of(bash());
            case MARKDOWN, SCALA, RUBY, PHP, CSHARP, SWIFT, SQL, HTML, CSS, JSON, YAML, TOML, XML, PROTO, TEXT ->
                Optional.empty();
        };
    }

    /** Whether a language has a grammar here; quick, for it is asked for every text. */
    static boolean cover(Language language) {
        return COVERED.contains(language);
    }

    /** Name of the library and of the grammar in it. */
    String library() {
        return library;
    }

    Map<String, Rule> byType() {
        return byType;
    }

    private GrammarRules on(Rule rule, String... types) {
        for (String type : types) {
            byType.put(type, rule);
        }
        return this;
    }

    private static GrammarRules java() {
        return new GrammarRules("java")
                .on(through(), "program", "class_body", "interface_body", "enum_body", "enum_body_declarations")
                .on(through(), "annotation_type_body")
                .on(through().wrapping(), "field_declaration", "constant_declaration")
                .on(define("class").entered(), "class_declaration")
                .on(define("interface").entered(), "interface_declaration", "annotation_type_declaration")
                .on(define("enum").entered(), "enum_declaration")
                .on(define("record").entered(), "record_declaration")
                .on(define("method"), "method_declaration", "annotation_type_element_declaration")
                .on(define("constructor"), "constructor_declaration", "compact_constructor_declaration")
                .on(define("field"), "variable_declarator")
                .on(define("constant"), "enum_constant")
                .on(importing(), "import_declaration");
    }

    private static GrammarRules python() {
        return new GrammarRules("python")
                .on(through(), "module", "block", "if_statement", "elif_clause", "else_clause", "try_statement")
                .on(through(), "except_clause", "finally_clause", "with_statement", "expression_statement")
                .on(through().wrapping(), "decorated_definition")
                .on(define("class").entered(), "class_definition")
                .on(define("function").entered(), "function_definition")
                .on(define("field").outsideFunctions().special(Special.PYTHON_ASSIGN), "assignment")
                .on(define("type"), "type_alias_statement")
                .on(importing(), "import_statement", "import_from_statement", "future_import_statement");
    }

    private static GrammarRules go() {
        return new GrammarRules("go")
                .on(through(), "source_file", "type_declaration", "const_declaration", "var_declaration")
                .on(through(), "var_spec_list", "struct_type", "field_declaration_list", "interface_type")
                .on(through(), "import_declaration", "import_spec_list")
                .on(define("function"), "function_declaration")
                .on(define("method").special(Special.GO_RECEIVER), "method_declaration")
                .on(define("type").entered().special(Special.GO_TYPE), "type_spec")
                .on(define("type"), "type_alias")
                .on(define("method"), "method_elem")
                .on(define("constant").special(Special.GO_NAMES), "const_spec")
                .on(define("field").special(Special.GO_NAMES), "var_spec", "field_declaration")
                .on(importing(), "import_spec");
    }

    private static GrammarRules rust() {
        return new GrammarRules("rust")
                .on(through(), "source_file", "declaration_list", "field_declaration_list", "enum_variant_list")
                .on(through(), "foreign_mod_item")
                .on(through().special(Special.CONTAINER), "impl_item")
                .on(define("function"), "function_item", "function_signature_item")
                .on(define("struct").entered(), "struct_item", "union_item")
                .on(define("enum").entered(), "enum_item")
                .on(define("trait").entered(), "trait_item")
                .on(define("module").entered(), "mod_item")
                .on(define("constant"), "const_item", "static_item", "enum_variant")
                .on(define("type"), "type_item", "associated_type")
                .on(define("field"), "field_declaration")
                .on(define("macro"), "macro_definition")
                .on(importing(), "use_declaration", "extern_crate_declaration");
    }

    private static GrammarRules script(String library) {
        return new GrammarRules(library)
                .on(through(), "program", "expression_statement", "parenthesized_expression", "statement_block")
                .on(
                        through().special(Special.JS_FUNCTION),
                        "arrow_function",
                        "function_expression",
                        "generator_function")
                .on(through(), "object", "arguments")
                .on(through(), "if_statement", "else_clause", "try_statement", "return_statement", "class_body")
                .on(through(), "class")
                .on(through().wrapping(), "lexical_declaration", "variable_declaration")
                .on(through().wrapping().special(Special.JS_EXPORT), "export_statement")
                .on(define("function").entered(), "function_declaration", "generator_function_declaration")
                .on(define("class").entered(), "class_declaration")
                .on(define("method").entered(), "method_definition")
                .on(define("constant").entered().outsideFunctions().special(Special.JS_VALUE), "variable_declarator")
                .on(through().special(Special.JS_VALUE), "pair")
                .on(through().special(Special.JS_ASSIGN), "assignment_expression")
                .on(through().special(Special.JS_CALL), "call_expression")
                .on(importing(), "import_statement");
    }

    private static GrammarRules javascript() {
        return script("javascript").on(define("field").entered().special(Special.JS_VALUE), "field_definition");
    }

    private static GrammarRules typescript(String library) {
        return script(library)
                .on(through(), "interface_body", "object_type", "enum_body")
                .on(through().wrapping(), "ambient_declaration")
                .on(define("class").entered(), "abstract_class_declaration")
                .on(define("interface").entered(), "interface_declaration")
                .on(define("enum").entered(), "enum_declaration")
                .on(define("type"), "type_alias_declaration")
                .on(define("module").entered(), "internal_module", "module")
                .on(define("function"), "function_signature")
                .on(define("method"), "method_signature", "abstract_method_signature")
                .on(define("constant"), "enum_assignment")
                .on(define("constant").special(Special.TS_ENUM_MEMBER), "property_identifier")
                .on(define("field"), "property_signature")
                .on(define("field").entered().special(Special.JS_VALUE), "public_field_definition");
    }

    private static GrammarRules c(GrammarRules rules) {
        return rules.on(through(), "translation_unit", "preproc_if", "preproc_ifdef", "preproc_else", "preproc_elif")
                .on(through(), "linkage_specification", "declaration_list", "field_declaration_list", "enumerator_list")
                .on(define("function"), "function_definition")
                .on(define("field").entered().special(Special.C_DECLARATION), "declaration", "field_declaration")
                .on(define("struct").entered().requiring("body"), "struct_specifier", "union_specifier")
                .on(define("enum").entered().requiring("body"), "enum_specifier")
                .on(define("type").entered().special(Special.C_TYPEDEF), "type_definition")
                .on(define("constant"), "enumerator")
                .on(define("macro"), "preproc_def", "preproc_function_def")
                .on(importing(), "preproc_include");
    }

    private static GrammarRules cpp() {
        return c(new GrammarRules("cpp"))
                .on(through().wrapping(), "template_declaration")
                .on(define("class").entered().requiring("body"), "class_specifier")
                .on(define("module").entered(), "namespace_definition")
                .on(define("type"), "alias_declaration", "concept_definition");
    }

    private static GrammarRules kotlin() {
        return new GrammarRules("kotlin")
                .on(through(), "source_file", "class_body", "enum_class_body", "companion_object", "import_list")
                .on(define("class").entered().special(Special.KOTLIN_CLASS), "class_declaration")
                .on(define("class").entered(), "object_declaration")
                .on(define("function"), "function_declaration")
                .on(define("field"), "property_declaration")
                .on(define("constant"), "enum_entry")
                .on(define("type"), "type_alias")
                .on(importing(), "import_header");
    }

    private static GrammarRules bash() {
        return new GrammarRules("bash")
                .on(through(), "program", "if_statement", "else_clause", "elif_clause", "compound_statement", "list")
                .on(through(), "declaration_command")
                .on(define("function"), "function_definition")
                .on(define("field"), "variable_assignment")
                .on(through().special(Special.BASH_COMMAND), "command");
    }
}
