BEGIN TRANSACTION;
CREATE TABLE details (
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	text TEXT NOT NULL, 
	PRIMARY KEY (source, "key")
);
INSERT INTO "details" VALUES('control room','a','it''s a bicycle');
INSERT INTO "details" VALUES('control room','b','a bicycle');
CREATE TABLE files (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	source TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	read INTEGER NOT NULL, 
	accepted INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	duplicates INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(import_id) REFERENCES imports (id)
);
INSERT INTO "files" VALUES(1,1,'own.csv','control room','83ffea66b8a5e02499d0db107dc486469c12ea27f283efcde32eeb12de1b0aaf',4,3,1,0);
INSERT INTO "files" VALUES(2,2,'police.csv','police','cd41bec0ef8be3e1b9069e27e0f883a231041edb60e4bcb3d76945dde56d3392',2,2,0,0);
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	recorded_at INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "imports" VALUES(1,1768478400);
INSERT INTO "imports" VALUES(2,1768478400);
CREATE TABLE incidents (
	id INTEGER NOT NULL, 
	file_id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	category TEXT NOT NULL, 
	occurred_from INTEGER NOT NULL, 
	occurred_to INTEGER NOT NULL, 
	time_known TEXT NOT NULL, 
	reported_at INTEGER, 
	place TEXT NOT NULL, 
	longitude FLOAT, 
	latitude FLOAT, 
	anonymised BOOLEAN NOT NULL, 
	police_reference TEXT NOT NULL, 
	x FLOAT, 
	y FLOAT, 
	building TEXT NOT NULL, 
	site TEXT NOT NULL, 
	street TEXT NOT NULL, 
	zone TEXT NOT NULL, 
	precision TEXT NOT NULL, 
	confidence FLOAT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (source, "key"), 
	FOREIGN KEY(file_id) REFERENCES files (id)
);
INSERT INTO "incidents" VALUES(1,1,'control room','a','a','theft',1748898000,1748901600,'interval',1748934000,'Café',-1.2607638,51.75346822,0,'',6.20049999811084242553e+05,5.73504999948098324229e+06,'','alpha-college','','alpha-college','site',0.9);
INSERT INTO "incidents" VALUES(2,1,'control room','b','b','theft',1748898000,1748901600,'interval',1748934000,'Alpha',NULL,NULL,0,'',NULL,NULL,'','','','','unlocated',0.0);
INSERT INTO "incidents" VALUES(3,1,'control room','c','c','theft',1748898000,1748901600,'interval',1748934000,'Alpha',-1.18910603,51.75193616,0,'',6.24999999687623814664e+05,5.734999999855238013e+06,'','','','','outside',0.0);
INSERT INTO "incidents" VALUES(4,2,'police','c1','c1','burglary',1740787200,1743462000,'month',NULL,'On or near High Street',-1.2607638,51.75346822,1,'c1',6.20049999811084242553e+05,5.73504999948098324229e+06,'','','High Street','alpha-college','anonymised',0.3);
INSERT INTO "incidents" VALUES(5,2,'police','c2','c2','burglary',1740787200,1743462000,'month',NULL,'On or near High Street',-1.25786772,51.75342533,1,'c2',6.20250000033387565052e+05,5.73505000052547268558e+06,'','','High Street','beta-museum','anonymised',0.3);
CREATE TABLE periods (
	file_id INTEGER NOT NULL, 
	source TEXT NOT NULL, 
	starts_at INTEGER NOT NULL, 
	ends_at INTEGER NOT NULL, 
	FOREIGN KEY(file_id) REFERENCES files (id)
);
INSERT INTO "periods" VALUES(1,'control room',1748905200,1748934000);
INSERT INTO "periods" VALUES(2,'police',1740787200,1743462000);
CREATE TABLE rejected_rows (
	file_id INTEGER NOT NULL, 
	"row" INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	text TEXT NOT NULL, 
	FOREIGN KEY(file_id) REFERENCES files (id)
);
INSERT INTO "rejected_rows" VALUES(1,5,'reference: is empty',',Theft,2025-06-02T22:00,2025-06-02T23:00,2025-06-03T08:00,=1+1,-1.2607638,51.75346822,a bicycle');
COMMIT;
