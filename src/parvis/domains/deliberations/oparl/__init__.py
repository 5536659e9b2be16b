"""OParl 1.1 (https://schema.oparl.org/1.1/): acts, sittings and those elected, for programs that harvest assemblies."""
