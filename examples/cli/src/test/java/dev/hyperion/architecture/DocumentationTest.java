// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the javadoc tool's own check for missing comments would say, but for the compact constructors of records: whose
 * parameters are those of the record, documented there.
 */
class DocumentationTest {
    /** For our engines only, so no page is made of it. */
    private static final Set<String> NO_PAGES = Set.of("dev.hyperion.plugin");

    @Test
    void everythingThatOthersCompileAgainstIsDocumented() throws IOException {
        List<String> missing = new ArrayList<>();
        for (House house : House.PUBLISHED) {
            List<Path> sources = house.javaFiles().stream()
                    .filter(file -> !file.toString().contains("/src/test/"))
                    .filter(file -> house.offered().stream()
                            .filter(offered -> !NO_PAGES.contains(offered))
                            .anyMatch(offered -> file.getParent().endsWith(offered.replace('.', '/'))))
                    .toList();
            missing.addAll(missingIn(sources));
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void aMissingCommentIsFound(@TempDir Path folder) throws IOException {
        Path source = folder.resolve("Bare.java");
        Files.writeString(source, """
                /**
                 * A record.
                 * @param a its one part
                 */
                public record Bare(int a, int b) {
                    /**
                     * Adds.
                     * @param c what
                     */
                    public int plus(int c, int d) { return a + c; }
                    public void bare() {}
                    void hidden() {}
                }
                """);
        assertThat(missingIn(List.of(source)))
                .containsExactly(
                        "Bare.java: Bare has no @param b",
                        "Bare.java: plus has no @param d",
                        "Bare.java: plus has no @return",
                        "Bare.java: bare has no comment");
    }

    private static List<String> missingIn(List<Path> sources) throws IOException {
        List<String> missing = new ArrayList<>();
        if (sources.isEmpty()) {
            return missing;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null, files, null, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            DocTrees comments = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                new Finder(unit, comments, missing).scan(unit, null);
            }
        }
        return missing;
    }

    /** Walks a file and notes each public or protected declaration that says too little. */
    private static final class Finder extends TreePathScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final DocTrees comments;
        private final List<String> missing;

        Finder(CompilationUnitTree unit, DocTrees comments, List<String> missing) {
            this.unit = unit;
            this.comments = comments;
            this.missing = missing;
        }

        @Override
        public Void visitClass(ClassTree type, Void unused) {
            if (!isOpen(type.getModifiers())) {
                return null;
            }
            List<String> components = type.getKind() == Tree.Kind.RECORD
                    ? type.getMembers().stream()
                            .filter(member -> member instanceof VariableTree field
                                    && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                            .map(member -> ((VariableTree) member).getName().toString())
                            .toList()
                    : List.of();
            check(type.getSimpleName().toString(), components, false);
            return super.visitClass(type, unused);
        }

        @Override
        public Void visitMethod(MethodTree method, Void unused) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            boolean constructor = method.getReturnType() == null;
            boolean ofRecord = constructor && isIn(Tree.Kind.RECORD);
            if (isOpen(method.getModifiers()) && !overrides && !ofRecord) {
                List<String> parameters = method.getParameters().stream()
                        .map(parameter -> parameter.getName().toString())
                        .toList();
                boolean returns =
                        !constructor && !method.getReturnType().toString().equals("void");
                check(constructor ? "constructor" : method.getName().toString(), parameters, returns);
            }
            return null;
        }

        @Override
        public Void visitVariable(VariableTree field, Void unused) {
            boolean constant =
                    isIn(Tree.Kind.ENUM) || field.getModifiers().getFlags().contains(Modifier.STATIC);
            if (constant && isOpen(field.getModifiers())) {
                check(field.getName().toString(), List.of(), false);
            }
            return null;
        }

        private boolean isIn(Tree.Kind kind) {
            TreePath parent = getCurrentPath().getParentPath();
            return parent != null && parent.getLeaf().getKind() == kind;
        }

        private boolean isOpen(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            boolean ofInterface = isIn(Tree.Kind.INTERFACE) && !flags.contains(Modifier.PRIVATE);
            return ofInterface || flags.contains(Modifier.PUBLIC) || flags.contains(Modifier.PROTECTED);
        }

        private void check(String name, List<String> parameters, boolean returns) {
            String where = Path.of(unit.getSourceFile().getName()).getFileName() + ": " + name;
            DocCommentTree comment = comments.getDocCommentTree(getCurrentPath());
            if (comment == null) {
                missing.add(where + " has no comment");
                return;
            }
            Set<String> documented = comment.getBlockTags().stream()
                    .filter(tag -> tag instanceof ParamTree)
                    .map(tag -> ((ParamTree) tag).getName().getName().toString())
                    .collect(Collectors.toSet());
            parameters.stream()
                    .filter(parameter -> !documented.contains(parameter))
                    .forEach(parameter -> missing.add(where + " has no @param " + parameter));
            boolean saysReturn = comment.getBlockTags().stream().anyMatch(tag -> tag.getKind() == DocTree.Kind.RETURN)
                    || comment.getFullBody().stream().anyMatch(part -> part.getKind() == DocTree.Kind.RETURN);
            if (returns && !saysReturn) {
                missing.add(where + " has no @return");
            }
        }
    }
}
